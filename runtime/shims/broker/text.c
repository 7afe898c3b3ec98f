#include "text.h"

#include <string.h>

static const char *const marks[] = { "[FIDO_INSERT] ", "[FIDO_TOUCH] ", "[QR_BT] ", "[QR_BT_LABEL] ", "[TOTP_QR] " };

static size_t mark_length(const char *line, size_t length)
{
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		if (length >= strlen(marks[i]) && strncmp(line, marks[i], strlen(marks[i])) == 0)
			return strlen(marks[i]);
	return 0;
}

/* Block elements (U+2580 to U+259F) and blanks only. */
static bool is_drawing(const char *line, size_t length)
{
	bool blocks = false;

	for (size_t i = 0; i < length;) {
		if (line[i] == ' ') {
			i++;
		} else if (length - i >= 3 && memcmp(line + i, "\xE2\x96", 2) == 0) {
			blocks = true;
			i += 3;
		} else {
			return false;
		}
	}
	return blocks;
}

void text_append(char *shown, size_t capacity, const char *text)
{
	size_t used = strlen(shown);

	while (*text != '\0') {
		size_t length = strcspn(text, "\n");
		size_t mark = mark_length(text, length);
		bool last = text[length] == '\0';
		if (!is_drawing(text, length) && length - mark + 2 <= capacity - used) {
			if (used > 0)
				shown[used++] = '\n';
			memcpy(shown + used, text + mark, length - mark);
			used += length - mark;
			shown[used] = '\0';
		}
		text += length + !last;
	}
}

static bool has(const char *text, size_t length, const char *part)
{
	for (size_t i = 0; i + strlen(part) <= length; i++)
		if (strncmp(text + i, part, strlen(part)) == 0)
			return true;
	return false;
}

bool text_page(const char *text, char *url, size_t capacity)
{
	for (const char *at = text; (at = strstr(at, "https://")) != NULL;) {
		size_t length = strcspn(at, " \t\r\n\"'<>()");
		while (length > 0 && strchr(".,;:", at[length - 1]) != NULL)
			length--;
		if (length < capacity && (has(at, length, "login.microsoft") || has(at, length, "microsoftonline") || has(at, length, "/device"))) {
			memcpy(url, at, length);
			url[length] = '\0';
			return true;
		}
		at += strlen("https://");
	}
	return false;
}
