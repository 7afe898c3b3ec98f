#include "frames.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void incoming_next(struct incoming *incoming)
{
	free(incoming->text);
	*incoming = (struct incoming){ .text = NULL };
}

/* The bytes that are missing, of the length or of the text. */
static ssize_t fill(struct incoming *incoming, int fd)
{
	void *to = incoming->text == NULL ? (void *)(incoming->length + incoming->have) : (void *)(incoming->text + incoming->have);
	size_t want = (incoming->text == NULL ? sizeof incoming->length : incoming->size) - incoming->have;
	ssize_t count = read(fd, to, want);

	if (count > 0)
		incoming->have += (size_t)count;
	return count;
}

enum incoming_state incoming_read(struct incoming *incoming, int fd)
{
	for (;;) {
		ssize_t count = fill(incoming, fd);
		if (count == 0)
			return incoming->text == NULL && incoming->have == 0 ? INCOMING_END : INCOMING_BROKEN;
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK ? INCOMING_MORE : INCOMING_BROKEN;
		if (incoming->text != NULL && incoming->have == incoming->size)
			return INCOMING_WHOLE;
		if (incoming->text == NULL && incoming->have == sizeof incoming->length) {
			memcpy(&incoming->size, incoming->length, sizeof incoming->size);
			if (incoming->size == 0 || incoming->size > FRAME_MAX)
				return INCOMING_BROKEN;
			incoming->text = malloc(incoming->size);
			incoming->have = 0;
			if (incoming->text == NULL)
				return INCOMING_BROKEN;
		}
	}
}

static bool write_all(int fd, const void *data, size_t size)
{
	const char *at = data;

	while (size > 0) {
		ssize_t count = write(fd, at, size);
		if (count > 0) {
			at += count;
			size -= (size_t)count;
		} else if (count < 0 && errno == EAGAIN) {
			/* The browser's pipe may be one that does not block. */
			struct pollfd poller = { .fd = fd, .events = POLLOUT };
			(void)poll(&poller, 1, -1);
		} else if (count < 0 && errno != EINTR) {
			return false;
		}
	}
	return true;
}

bool outgoing_write(int fd, const char *text, size_t size)
{
	uint32_t length = (uint32_t)size;

	return size <= FRAME_MAX && write_all(fd, &length, sizeof length) && write_all(fd, text, size);
}
