#include "daemon.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "protocol.h"

enum { CONNECT_MS = 2000 };

bool daemon_away(struct call *call, const char *path, int error)
{
	if (error == ENOENT || error == ECONNREFUSED)
		return call_fails(call, "himmelblaud is not running: nothing listens on %s", path);
	if (error == EPERM)
		return call_fails(call, "%s is served by a process other than himmelblaud; nothing was sent", path);
	return call_fails(call, "himmelblaud cannot be reached on %s: %s", path, strerror(error));
}

static bool read_reply(struct call *call, struct hb_frame *frame)
{
	const char *text;

	if (frame->kind == HB_NO_ROOM)
		return call_fails(call, "himmelblaud serves too many programs already; try again later");
	if ((frame->kind != HB_BROKER_REPLY && frame->kind != HB_BROKER_FAILED) || !hb_read_text(frame, &text))
		return call_fails(call, "himmelblaud violated the protocol");
	if (frame->kind == HB_BROKER_FAILED)
		return call_fails(call, "%s", text);
	char *reply = strdup(text);
	if (reply == NULL)
		return call_fails(call, "out of memory");
	if (call->reply != NULL)
		explicit_bzero(call->reply, strlen(call->reply));
	free(call->reply);
	call->reply = reply;
	return true;
}

static bool converse(struct hb_connection *connection, struct call *call, const char *method, int64_t deadline)
{
	struct hb_writer writer;
	struct hb_frame frame;

	hb_write_begin(&writer, connection->buffer, connection->capacity, HB_BROKER_CALL);
	hb_write_text(&writer, method);
	hb_write_text(&writer, call->version);
	hb_write_text(&writer, call->correlation);
	hb_write_text(&writer, call->request);
	size_t size = hb_write_end(&writer);
	if (size == 0)
		return call_fails(call, "the request is too long");
	enum hb_io io = hb_send(connection, connection->buffer, size, deadline);
	/* A daemon that closes before it has read may have said why. */
	if (io == HB_IO_OK || io == HB_IO_CLOSED)
		io = hb_receive(connection, &frame, deadline);
	switch (io) {
	case HB_IO_OK:
		return read_reply(call, &frame);
	case HB_IO_TIMEOUT:
		return call_fails(call, "himmelblaud did not answer in time");
	case HB_IO_CLOSED:
		return call_fails(call, "himmelblaud closed the connection");
	default:
		return call_fails(call, "himmelblaud violated the protocol");
	}
}

bool daemon_ask(const struct sockets *sockets, struct call *call, const char *method, int64_t deadline)
{
	struct hb_connection connection;
	int64_t now = hb_now();

	if (now >= deadline)
		return call_fails(call, "himmelblaud did not answer in time");
	uint8_t *buffer = malloc(HB_FRAME_BUFFER);
	if (buffer == NULL)
		return call_fails(call, "out of memory");
	int error = hb_connect(&connection, sockets->broker, buffer, HB_FRAME_BUFFER,
			       now + CONNECT_MS < deadline ? now + CONNECT_MS : deadline);
	bool answered = error == 0 ? converse(&connection, call, method, deadline) : daemon_away(call, sockets->broker, error);
	hb_close(&connection);
	free(buffer);
	return answered;
}
