/* Decimal numbers: what is one, where it ends, and that nothing is read beyond the text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"

static const struct {
	const char *text;
	bool known;
	uint32_t value;
} rows[] = {
	{ "0", true, 0 },
	{ "1000\n", true, 1000 },
	{ "0012 x", true, 12 },
	{ "4294967295", true, UINT32_MAX },
	{ "4294967296", false, 7 },
	{ "99999999999999999999999999", false, 7 },
	{ "", false, 7 },
	{ " 1", false, 7 },
	{ "-1", false, 7 },
	{ "+1", false, 7 },
	{ "x", false, 7 },
};

int main(void)
{
	int failures = 0;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *copy = strdup(rows[i].text); /* exactly as large as it is, so that the sanitizer sees a step beyond it */
		uint32_t value = 7;
		bool known = copy != NULL && hb_number(copy, &value);

		if (known != rows[i].known || value != rows[i].value) {
			fprintf(stderr, "\"%s\": %d, %u\n", rows[i].text, known, value);
			failures++;
		}
		free(copy);
	}
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
