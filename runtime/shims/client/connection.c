#include "connection.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

int64_t hb_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool hb_path_beside(const char *path, const char *name, char *out, size_t capacity)
{
	const char *slash = strrchr(path, '/');
	int length = slash == NULL ? 0 : (int)(slash - path);
	int written = slash == NULL ? snprintf(out, capacity, "%s", name)
				    : snprintf(out, capacity, "%.*s/%s", length, path, name);

	return written > 0 && (size_t)written < capacity;
}

bool hb_connect_may_pass(int error)
{
	return error == ENOENT || error == ECONNREFUSED || error == ETIMEDOUT || error == EAGAIN || error == EINTR;
}

/* Waits for an event until the deadline; false when it has passed. A signal only shortens a round. */
static bool await(int fd, short events, int64_t deadline)
{
	for (;;) {
		int64_t left = deadline == HB_FOREVER ? -1 : deadline - hb_now();
		if (left < 0 && deadline != HB_FOREVER)
			left = 0;
		struct pollfd poller = { .fd = fd, .events = events };
		int ready = poll(&poller, 1, left > INT_MAX ? INT_MAX : (int)left);
		if (ready > 0)
			return true;
		if (ready == 0 && deadline != HB_FOREVER && hb_now() >= deadline)
			return false;
		if (ready < 0 && errno != EINTR && errno != EAGAIN)
			return true; /* the call that follows reports it */
	}
}

static int check_server(int fd, const char *path)
{
	char directory[sizeof((struct sockaddr_un *)NULL)->sun_path + 2];
	struct ucred peer;
	socklen_t size = sizeof peer;
	struct stat status;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
		return errno;
	if (peer.uid == 0)
		return 0;
	if (!hb_path_beside(path, ".", directory, sizeof directory))
		return ENAMETOOLONG;
	if (stat(directory, &status) < 0)
		return errno;
	return status.st_uid == peer.uid ? 0 : EPERM;
}

static int connect_to(int fd, const struct sockaddr_un *address, int64_t deadline)
{
	/* A full backlog is EAGAIN on a unix socket, and poll cannot wait for it. */
	while (connect(fd, (const struct sockaddr *)address, sizeof *address) < 0) {
		if (errno != EAGAIN && errno != EINTR)
			return errno;
		if (hb_now() >= deadline)
			return EAGAIN;
		struct timespec pause = { .tv_nsec = 5 * 1000 * 1000 };
		nanosleep(&pause, NULL);
	}
	return 0;
}

int hb_connect(struct hb_connection *connection, const char *path, uint8_t *buffer, size_t capacity, int64_t deadline)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct stat status;

	*connection = (struct hb_connection){ .fd = -1, .buffer = buffer, .capacity = capacity };
	if (strlen(path) >= sizeof address.sun_path)
		return ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path) + 1);

	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return errno;
	int error = connect_to(fd, &address, deadline);
	if (error == 0)
		error = check_server(fd, path);
	if (error == 0 && fstat(fd, &status) < 0)
		error = errno;
	if (error != 0) {
		close(fd);
		return error;
	}
	connection->fd = fd;
	connection->opener = getpid();
	connection->inode = status.st_ino;
	return 0;
}

bool hb_connection_ours(const struct hb_connection *connection)
{
	struct stat status;

	return connection->fd >= 0 && connection->opener == getpid() && fstat(connection->fd, &status) == 0 &&
	       S_ISSOCK(status.st_mode) && status.st_ino == connection->inode;
}

enum hb_io hb_send(struct hb_connection *connection, const uint8_t *frame, size_t size, int64_t deadline)
{
	size_t sent = 0;

	if (frame == connection->buffer && size > connection->dirty)
		connection->dirty = size;
	while (sent < size) {
		ssize_t count = send(connection->fd, frame + sent, size - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (count > 0)
			sent += (size_t)count;
		else if (count < 0 && (errno == EPIPE || errno == ECONNRESET))
			return HB_IO_CLOSED;
		else if (count < 0 && errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK)
			return HB_IO_FAILED;
		else if (count < 0 && errno != EINTR && !await(connection->fd, POLLOUT, deadline))
			return HB_IO_TIMEOUT;
	}
	return HB_IO_OK;
}

static enum hb_io fill(struct hb_connection *connection, size_t want, int64_t deadline)
{
	while (connection->have < want) {
		ssize_t count = recv(connection->fd, connection->buffer + connection->have, want - connection->have,
				     MSG_DONTWAIT);
		if (count > 0) {
			connection->have += (size_t)count;
			if (connection->have > connection->dirty)
				connection->dirty = connection->have;
		} else if (count == 0 || errno == ECONNRESET) {
			return HB_IO_CLOSED;
		} else if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) {
			return HB_IO_FAILED;
		} else if (errno != EINTR && !await(connection->fd, POLLIN, deadline)) {
			return HB_IO_TIMEOUT;
		}
	}
	return HB_IO_OK;
}

enum hb_io hb_receive(struct hb_connection *connection, struct hb_frame *frame, int64_t deadline)
{
	if (connection->capacity < 4)
		return HB_IO_FAILED;
	enum hb_io result = fill(connection, 4, deadline);
	if (result != HB_IO_OK)
		return result;
	uint32_t length = hb_frame_length(connection->buffer);
	if (length == 0 || length > connection->capacity - 4)
		return HB_IO_MALFORMED;
	result = fill(connection, 4 + (size_t)length, deadline);
	if (result != HB_IO_OK)
		return result;
	connection->have = 0;
	return hb_frame_decode(connection->buffer, 4 + (size_t)length, frame) == HB_FRAME_OK ? HB_IO_OK
											     : HB_IO_MALFORMED;
}

void hb_close(struct hb_connection *connection)
{
	if (connection->buffer != NULL)
		explicit_bzero(connection->buffer, connection->dirty);
	/* In a child of fork our copy is closed too; a descriptor that the host reused is left alone. */
	struct stat status;
	if (connection->fd >= 0 && fstat(connection->fd, &status) == 0 && S_ISSOCK(status.st_mode) &&
	    status.st_ino == connection->inode)
		close(connection->fd);
	connection->fd = -1;
	connection->have = 0;
	connection->dirty = 0;
}
