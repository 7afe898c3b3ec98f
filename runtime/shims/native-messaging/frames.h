/* Messages of a browser: four bytes of length in the byte order of the processor, then JSON. */
#ifndef HB_NATIVE_FRAMES_H
#define HB_NATIVE_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What browsers accept from a program; what they send is not longer either. */
#define FRAME_MAX (1024u * 1024u)

/* Collects the bytes of one message after the other. */
struct incoming {
	uint8_t length[4];
	size_t have; /* of length, then of text */
	uint32_t size;
	char *text; /* NULL while the length is read */
};

enum incoming_state {
	INCOMING_MORE,  /* nothing to be read at present */
	INCOMING_WHOLE, /* text has size bytes; incoming_next frees them */
	INCOMING_END,   /* the browser has closed, between two messages */
	INCOMING_BROKEN, /* a length that no message has, or an end within a message: where the next one begins is unknown */
};

/* Reads what the descriptor, which does not block, has for this message. */
enum incoming_state incoming_read(struct incoming *incoming, int fd);
void incoming_next(struct incoming *incoming);

/* False when the browser does not read any more, or the text is too long. */
bool outgoing_write(int fd, const char *text, size_t size);

#endif
