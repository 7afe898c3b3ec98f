/* The lines of a file of /etc/pam.d, as libpam reads them: pam.conf(5). */
#ifndef HB_PAM_LINE_H
#define HB_PAM_LINE_H

#include <stdbool.h>
#include <stddef.h>

enum stack { STACK_AUTH, STACK_ACCOUNT, STACK_SESSION, STACK_PASSWORD, STACKS };

enum line_kind {
	LINE_NOTHING,    /* blank, or a comment */
	LINE_MODULE,
	LINE_INCLUDE,    /* the lines of another file stand here: jumps count each of them */
	LINE_SUBSTACK,   /* jumps count it as one */
	LINE_INCLUDE_ALL /* Debian's @include: lines of all four stacks */
};

/* Part of a text. */
struct span {
	const char *begin;
	size_t size;
};

struct line {
	struct span whole;    /* with its newlines; more than one row where a backslash continues it */
	unsigned row;         /* from 1 */
	enum line_kind kind;
	enum stack stack;     /* not for LINE_NOTHING and LINE_INCLUDE_ALL */
	struct span control;
	struct span module;   /* or what is included */
	struct span options;  /* empty, or from the first to the last */
};

/* The text stays the caller's, and has to stay where it is. */
struct lines {
	struct line *line;
	size_t count;
};

/* Why a file is left alone. row is 0 when no line is to blame. */
struct complaint {
	unsigned row;
	const char *why;
};

/* False, with a complaint, for anything that libpam would not take, or that its versions take in different ways. */
bool lines_read(struct lines *lines, const char *text, size_t size, struct complaint *complaint);
void lines_free(struct lines *lines);

/* Takes the next word off the front of rest; false at the end. [A word with blanks] is one. */
bool span_word(struct span *rest, struct span *word);
/* Whether the span is this word, in upper or lower case. */
bool span_is(struct span span, const char *word);
/* Whether the options contain this word. */
bool line_has_option(const struct line *line, const char *option);
/* Whether the line runs this module: "pam_unix.so", also with a folder before it. */
bool line_runs(const struct line *line, const char *module);
/* Whether the line's text, comments included, begins so. */
bool line_begins(const struct line *line, const char *words);
/* Whether the line belongs to this stack. */
bool line_is_of(const struct line *line, enum stack stack);

/* Calls back for each "value=action" of a control in brackets. */
void control_each(struct span control, void (*take)(struct span value, struct span action, void *data), void *data);

#endif
