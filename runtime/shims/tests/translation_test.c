/* Which language a locale has; LanguagesTest of the daemon's bundle has the same rows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "translation.h"

#define TEXT "Himmelblau authentication service is unavailable."

static int failures;

static void expect(const char *locale, const char *expected)
{
	const char *text = translation_of(TEXT, locale);

	if (strcmp(text, expected) != 0) {
		fprintf(stderr, "%s: %s, not %s\n", locale, text, expected);
		failures++;
	}
}

static void expect_same(const char *one, const char *other, int same)
{
	const char *text = translation_of(TEXT, one);

	if (strcmp(text, TEXT) == 0 || (strcmp(text, translation_of(TEXT, other)) == 0) != same) {
		fprintf(stderr, "%s and %s\n", one, other);
		failures++;
	}
}

int main(void)
{
	static const char german[] = "Der Himmelblau-Anmeldedienst ist nicht verf\xc3\xbcgbar.";
	static const char *const of_german[] = { "de_DE.UTF-8", "de_AT.utf8", "de_DE.UTF-8@euro", "de.UTF-8" };
	static const char *const of_english[] = {
		"", "C", "C.UTF-8", "POSIX", "en_US.UTF-8", "de_DE", "de_DE.ISO-8859-1", "de_DE@euro", "ja_JP.eucJP", "zh_TW.UTF-8",
		"tlh_XX.UTF-8", "DE_de.UTF-8", "../../x", "../de.UTF-8", "de/../de.UTF-8", "de_DE.UTF-8/../../x", "/etc/passwd",
		"de_DE.UTF-8\n", "de_DE.UTF-8@../../../x", "languages", "himmelblau", "en", "de_", "de_DE.", "de_DE.UTF-8@", "d",
		"deutsch_DE.UTF-8", "de_DE.UTF-8UTF-8UTF-8UTF-8", "de_DE.UTF-8@abcdefghijklmnopqrstuvwxyz",
	};

	for (size_t i = 0; i < sizeof of_german / sizeof of_german[0]; i++)
		expect(of_german[i], german);
	for (size_t i = 0; i < sizeof of_english / sizeof of_english[0]; i++)
		expect(of_english[i], TEXT);
	expect_same("pt_BR.UTF-8", "pt_AO.UTF-8", 1);
	expect_same("pt_BR.UTF-8", "es_ES.UTF-8", 0);
	expect_same("sr_RS@latin", "sr_RS.UTF-8", 1);
	expect_same("zh_CN.UTF-8", "zh_SG.UTF-8", 1);
	expect_same("nb_NO.UTF-8", "no_NO.UTF-8", 1);
	expect_same("ur_PK", "ur_IN", 1);
	expect_same("fr_FR.UTF-8", "fr_CA.UTF-8", 1);
	expect_same("hi_IN", "hi_IN.UTF-8", 1);
	if (strcmp(translation_of("no text of ours", "de_DE.UTF-8"), "no text of ours") != 0)
		failures++;
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
