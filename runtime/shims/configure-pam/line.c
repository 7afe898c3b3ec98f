#include "line.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f' || c == '\n';
}

/* How many characters of blank are at the front: a backslash before the end of a row is one. */
static size_t blank_at(struct span span)
{
	if (span.size > 0 && is_blank(span.begin[0]))
		return 1;
	return span.size > 1 && span.begin[0] == '\\' && span.begin[1] == '\n' ? 2 : 0;
}

static void drop(struct span *span, size_t count)
{
	span->begin += count;
	span->size -= count;
}

static void skip_blanks(struct span *rest)
{
	for (size_t count; (count = blank_at(*rest)) > 0;)
		drop(rest, count);
}

bool span_word(struct span *rest, struct span *word)
{
	skip_blanks(rest);
	*word = (struct span){ .begin = rest->begin, .size = 0 };
	if (rest->size == 0)
		return false;
	if (rest->begin[0] == '[') {
		while (rest->size > 0 && rest->begin[0] != ']')
			drop(rest, rest->size > 1 && rest->begin[0] == '\\' ? 2 : 1);
		if (rest->size > 0)
			drop(rest, 1);
	} else {
		while (rest->size > 0 && blank_at(*rest) == 0)
			drop(rest, 1);
	}
	word->size = (size_t)(rest->begin - word->begin);
	return true;
}

bool span_is(struct span span, const char *word)
{
	return span.size == strlen(word) && strncasecmp(span.begin, word, span.size) == 0;
}

bool line_has_option(const struct line *line, const char *option)
{
	struct span rest = line->options;
	struct span word;

	while (span_word(&rest, &word))
		if (word.size == strlen(option) && memcmp(word.begin, option, word.size) == 0)
			return true;
	return false;
}

bool line_runs(const struct line *line, const char *module)
{
	size_t size = strlen(module);
	struct span path = line->module;

	if (line->kind != LINE_MODULE || path.size < size || memcmp(path.begin + path.size - size, module, size) != 0)
		return false;
	return path.size == size || path.begin[path.size - size - 1] == '/';
}

bool line_begins(const struct line *line, const char *words)
{
	return line->whole.size >= strlen(words) && memcmp(line->whole.begin, words, strlen(words)) == 0;
}

bool line_is_of(const struct line *line, enum stack stack)
{
	return line->kind == LINE_INCLUDE_ALL || (line->kind != LINE_NOTHING && line->stack == stack);
}

void control_each(struct span control, void (*take)(struct span value, struct span action, void *data), void *data)
{
	if (control.size < 2 || control.begin[0] != '[')
		return;
	struct span rest = { .begin = control.begin + 1, .size = control.size - 2 };
	struct span word;
	while (span_word(&rest, &word)) {
		const char *equals = memchr(word.begin, '=', word.size);
		if (equals == NULL)
			continue;
		size_t size = (size_t)(equals - word.begin);
		take((struct span){ .begin = word.begin, .size = size },
		     (struct span){ .begin = equals + 1, .size = word.size - size - 1 }, data);
	}
}

static bool complain(struct complaint *complaint, const char *why)
{
	complaint->why = why;
	return false;
}

/* One row of the text, without its newline; a continued row is marked. */
static bool read_row(struct span row, struct span *content, bool *goes_on, struct complaint *complaint)
{
	const char *hash = memchr(row.begin, '#', row.size);
	size_t size = row.size;

	while (size > 0 && is_blank(row.begin[size - 1]))
		size--;
	bool backslash = size > 0 && row.begin[size - 1] == '\\';
	*goes_on = false;
	*content = row;
	if (hash != NULL) {
		content->size = (size_t)(hash - row.begin);
		return !backslash || complain(complaint, "a comment that ends with a backslash is read in different ways");
	}
	if (backslash && size != row.size)
		return complain(complaint, "there are blanks after the backslash that continues the line");
	*goes_on = backslash;
	return true;
}

/* Finds the end of the line that begins here; content: without comment. */
static bool read_whole(struct span rest, struct line *line, struct span *content, unsigned *rows,
		       struct complaint *complaint)
{
	size_t done = 0;
	bool goes_on = true;

	*content = (struct span){ .begin = rest.begin, .size = 0 };
	for (*rows = 0; goes_on; ++*rows) {
		struct span row = { .begin = rest.begin + done, .size = rest.size - done };
		struct span part;
		const char *newline = memchr(row.begin, '\n', row.size);
		if (newline != NULL)
			row.size = (size_t)(newline - row.begin);
		complaint->row = line->row + *rows;
		if (!read_row(row, &part, &goes_on, complaint))
			return false;
		if (goes_on && (newline == NULL || newline + 1 == rest.begin + rest.size))
			return complain(complaint, "a backslash continues the line, but the file ends there");
		content->size = done + part.size;
		done += row.size + (newline != NULL ? 1 : 0);
	}
	line->whole = (struct span){ .begin = rest.begin, .size = done };
	complaint->row = line->row;
	return true;
}

static bool read_stack(struct span word, enum stack *stack)
{
	static const char *const names[STACKS] = { "auth", "account", "session", "password" };

	if (word.size > 0 && word.begin[0] == '-')
		drop(&word, 1);
	for (int i = 0; i < STACKS; i++)
		if (span_is(word, names[i])) {
			*stack = (enum stack)i;
			return true;
		}
	return false;
}

static bool is_control(struct span word)
{
	static const char *const words[] = { "required", "requisite", "sufficient", "optional", "include", "substack" };

	if (word.begin[0] == '[')
		return word.size >= 2 && word.begin[word.size - 1] == ']';
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (span_is(word, words[i]))
			return true;
	return false;
}

static bool read_words(struct span content, struct line *line, struct complaint *complaint)
{
	struct span word;

	if (!span_word(&content, &word)) {
		line->kind = LINE_NOTHING;
		return true;
	}
	if (span_is(word, "@include")) {
		line->kind = LINE_INCLUDE_ALL;
		return span_word(&content, &line->module) || complain(complaint, "@include names no file");
	}
	if (!read_stack(word, &line->stack))
		return complain(complaint, "the first word is none of auth, account, session, password, @include");
	if (!span_word(&content, &line->control))
		return complain(complaint, "the control is missing");
	if (!is_control(line->control))
		return complain(complaint, "the second word is not a control value of pam.conf(5)");
	if (!span_word(&content, &line->module))
		return complain(complaint, "the module is missing");
	line->kind = span_is(line->control, "include") ? LINE_INCLUDE :
		     span_is(line->control, "substack") ? LINE_SUBSTACK : LINE_MODULE;
	line->options = (struct span){ .begin = line->module.begin + line->module.size, .size = 0 };
	while (span_word(&content, &word)) {
		if (word.begin[0] == '[' && word.begin[word.size - 1] != ']')
			return complain(complaint, "a [ is not closed");
		if (line->options.size == 0)
			line->options = word;
		else
			line->options.size = (size_t)(word.begin + word.size - line->options.begin);
	}
	return true;
}

bool lines_read(struct lines *lines, const char *text, size_t size, struct complaint *complaint)
{
	struct span rest = { .begin = text, .size = size };
	size_t room = 1;
	unsigned row = 1;

	*lines = (struct lines){ .count = 0 };
	*complaint = (struct complaint){ .row = 0 };
	if (memchr(text, '\0', size) != NULL)
		return complain(complaint, "the file is not a text file");
	for (size_t i = 0; i < size; i++)
		room += text[i] == '\n';
	lines->line = calloc(room, sizeof *lines->line);
	if (lines->line == NULL)
		return complain(complaint, "there is not enough memory");
	while (rest.size > 0) {
		struct line *line = &lines->line[lines->count];
		struct span content;
		unsigned rows;
		line->row = row;
		if (!read_whole(rest, line, &content, &rows, complaint) || !read_words(content, line, complaint)) {
			lines_free(lines);
			return false;
		}
		lines->count++;
		row += rows;
		drop(&rest, line->whole.size);
	}
	return true;
}

void lines_free(struct lines *lines)
{
	free(lines->line);
	*lines = (struct lines){ .count = 0 };
}
