/*
 * A question or a text in the user's own pinentry, over the Assuan protocol. Nothing here blocks: the caller polls fd
 * and calls pinentry_read when it is readable.
 */
#ifndef HB_BROKER_PINENTRY_H
#define HB_BROKER_PINENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "protocol.h"

enum pinentry_state {
	PINENTRY_OPEN = 0,  /* the user has not decided */
	PINENTRY_DONE,      /* answered, or the text was read; for a question answer and size are set */
	PINENTRY_CANCELLED, /* by the user */
	PINENTRY_BROKEN,    /* it ended, or it cannot ask here */
};

/* A line of Assuan is at most 1000 bytes. */
#define PINENTRY_LINE 1000u

struct pinentry {
	pid_t pid; /* 0: there is none */
	int fd; /* a socket, both its input and its output */
	char lines[4][PINENTRY_LINE + 2]; /* to send, one after each OK */
	unsigned count, sent;
	char heard[PINENTRY_LINE + 2];
	size_t have;
	uint8_t answer[HB_ANSWER_MAX];
	size_t size;
};

/* Shows text with a field for an answer, which is never visible. prompt stands before the field. False when it cannot be started. */
bool pinentry_ask(struct pinentry *pinentry, const char *text, const char *prompt);

/* Shows text with a button for going on and one for cancelling. */
bool pinentry_show(struct pinentry *pinentry, const char *text);

enum pinentry_state pinentry_read(struct pinentry *pinentry);

/* Closes the window if it is open, and wipes the answer. Harmless when there is none. */
void pinentry_close(struct pinentry *pinentry);

#endif
