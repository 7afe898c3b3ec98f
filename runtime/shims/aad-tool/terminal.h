/* Standard input as a terminal or not: lines with and without echo, raw mode, and always back to how it was. */
#ifndef HB_TERMINAL_H
#define HB_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum terminal_mode {
	TERMINAL_AS_FOUND,
	TERMINAL_NO_ECHO,
	TERMINAL_RAW,
};

/* Remembers how the terminal is, and restores it when a signal ends, stops or continues the process. */
void terminal_open(void);

/* Does nothing when standard input is not a terminal. */
void terminal_set(enum terminal_mode mode);

/* Writes all of it; false when the reader has closed. */
bool terminal_write(int fd, const void *data, size_t size);

/* What was read from standard input and not used yet, then more. 0 at the end, -1 on an error. */
ssize_t terminal_read(uint8_t *data, size_t capacity);
/* Whether terminal_read gives something without touching standard input. */
bool terminal_pending(void);

enum terminal_line {
	LINE_READ,
	LINE_END,      /* end of input, or a line longer than capacity */
	LINE_OVERTAKEN /* watch_fd became readable first */
};

/* Prompts on standard output and reads a line without its newline. */
enum terminal_line terminal_ask(const char *prompt, bool hidden, int watch_fd, uint8_t *line, size_t capacity,
				size_t *size);

#endif
