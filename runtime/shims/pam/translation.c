#include "translation.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "translations.h"

enum { NAME_MAX_SIZE = 40 };

/* language[_TERRITORY][.codeset][@modifier], see locale(7); parts that are absent are empty. */
struct locale_name {
	char language[4];
	char territory[3];
	char codeset[17];
	char modifier[17];
};

static bool take(const char **at, char *part, size_t size, const char *allowed)
{
	size_t length = strspn(*at, allowed);

	if (length == 0 || length >= size)
		return false;
	memcpy(part, *at, length);
	part[length] = '\0';
	*at += length;
	return true;
}

static bool parse(const char *locale, struct locale_name *name)
{
	static const char lower[] = "abcdefghijklmnopqrstuvwxyz";
	static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	static const char codeset[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
	const char *at = locale;

	memset(name, 0, sizeof *name);
	if (!take(&at, name->language, sizeof name->language, lower) || strlen(name->language) < 2)
		return false;
	if (*at == '_' && (at++, !take(&at, name->territory, sizeof name->territory, upper) || strlen(name->territory) < 2))
		return false;
	if (*at == '.' && (at++, !take(&at, name->codeset, sizeof name->codeset, codeset)))
		return false;
	if (*at == '@' && (at++, !take(&at, name->modifier, sizeof name->modifier, lower)))
		return false;
	return *at == '\0';
}

/* Whether the application shows UTF-8. Without a codeset, these languages are UTF-8 in the C library. */
static bool is_utf8(const struct locale_name *name)
{
	static const char *const always[] = { "am", "hi", "sr", "ti", "ur", "vi" };

	if (name->codeset[0] != '\0')
		return strcasecmp(name->codeset, "UTF-8") == 0 || strcasecmp(name->codeset, "utf8") == 0;
	for (size_t i = 0; i < sizeof always / sizeof always[0]; i++) {
		if (strcmp(name->language, always[i]) == 0)
			return true;
	}
	return false;
}

static bool find(const char *name, const char *const **texts)
{
	for (size_t i = 0; i < sizeof locales / sizeof locales[0]; i++) {
		if (strcmp(locales[i].name, name) == 0) {
			*texts = locales[i].texts;
			return true;
		}
	}
	return false;
}

/* The most exact name first; NULL: English. */
static const char *const *texts_for(const struct locale_name *name)
{
	const char *const *texts = NULL;
	char wanted[NAME_MAX_SIZE];

	for (int with = 3; with >= 0; with--) {
		bool modifier = (with & 2) != 0;
		bool territory = (with & 1) != 0;
		if ((modifier && name->modifier[0] == '\0') || (territory && name->territory[0] == '\0'))
			continue;
		snprintf(wanted, sizeof wanted, "%s%s%s%s%s", name->language, territory ? "_" : "", territory ? name->territory : "",
			 modifier ? "@" : "", modifier ? name->modifier : "");
		if (find(wanted, &texts))
			return texts;
	}
	return NULL;
}

const char *translation_of(const char *text, const char *locale)
{
	struct locale_name name;

	if (!parse(locale, &name) || !is_utf8(&name))
		return text;
	const char *const *texts = texts_for(&name);
	for (size_t i = 0; texts != NULL && i < sizeof english_texts / sizeof english_texts[0]; i++) {
		if (strcmp(english_texts[i], text) == 0)
			return texts[i];
	}
	return text;
}
