/* One connection to himmelblaud: deadlines on everything, no SIGPIPE, the server's identity checked before use. */
#ifndef HB_CONNECTION_H
#define HB_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "frame.h"

#ifndef HB_SOCKET_PATH
#define HB_SOCKET_PATH "/run/himmelblaud/socket"
#endif

/* Deadlines are milliseconds of hb_now(); this one is never reached. */
#define HB_FOREVER INT64_MAX

enum hb_io {
	HB_IO_OK = 0,
	HB_IO_TIMEOUT,
	HB_IO_CLOSED,
	HB_IO_MALFORMED,
	HB_IO_FAILED,
};

/* buffer belongs to the caller; its content is erased by hb_close. */
struct hb_connection {
	int fd;
	pid_t opener;
	ino_t inode;
	uint8_t *buffer;
	size_t capacity;
	size_t have;
	size_t dirty;
};

/* Milliseconds of a monotonic clock. */
int64_t hb_now(void);

/*
 * Connects and checks that the server runs as root or as the owner of the socket's directory.
 * Returns 0 or an errno value: ENOENT, ECONNREFUSED, EAGAIN and ETIMEDOUT may pass by themselves, others do not;
 * EPERM means that another process listens there. capacity is HB_FRAME_BUFFER, or less when the caller knows its answers.
 */
int hb_connect(struct hb_connection *connection, const char *path, uint8_t *buffer, size_t capacity, int64_t deadline);

bool hb_connect_may_pass(int error);

/* Whether this connection is still ours: not inherited through fork, its descriptor not closed or reused by the host. */
bool hb_connection_ours(const struct hb_connection *connection);

enum hb_io hb_send(struct hb_connection *connection, const uint8_t *frame, size_t size, int64_t deadline);

/*
 * Reads one frame into the connection's buffer. After HB_IO_TIMEOUT a later call continues where this one stopped,
 * so a deadline in the past makes this "take what is there".
 */
enum hb_io hb_receive(struct hb_connection *connection, struct hb_frame *frame, int64_t deadline);

/* Erases the buffer and closes the descriptor, if they are ours. Harmless on a closed connection. */
void hb_close(struct hb_connection *connection);

/* Puts DIRECTORY-OF-path/name into out; false when it does not fit. */
bool hb_path_beside(const char *path, const char *name, char *out, size_t capacity);

#endif
