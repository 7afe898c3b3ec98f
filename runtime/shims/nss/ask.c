#include "ask.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "connection.h"
#include "recent.h"

/* A daemon that let us wait in vain is left alone this long, so that a listing of strange ids does not take minutes. */
#define REST_MILLIS 2000

static _Atomic int64_t rest_until;

bool hb_ask_name(struct hb_question *question, enum hb_lookup_op op, const char *name) {
	question->op = op;
	question->key = name;
	question->length = strlen(name);
	return hb_utf8_valid((const uint8_t *)name, question->length);
}

void hb_ask_number(struct hb_question *question, enum hb_lookup_op op, uint8_t raw[4], uint32_t number) {
	for (unsigned i = 0; i < 4; i++)
		raw[i] = (uint8_t)(number >> 8 * i);
	question->op = op;
	question->key = raw;
	question->length = 4;
}

/* Who may wait longer is the daemon's to say: it is told which program asks, if root runs it. */
static void write_program(struct hb_writer *writer) {
	char program[17] = {0};

	if (geteuid() == 0 && prctl(PR_GET_NAME, program) == 0 && hb_utf8_valid((const uint8_t *)program, strlen(program)))
		hb_write_text(writer, program);
}

static size_t encode(const struct hb_question *question, uint8_t *frame, size_t capacity) {
	struct hb_writer writer;
	hb_write_begin(&writer, frame, capacity, HB_LOOKUP);
	hb_write_u32(&writer, question->op);
	hb_write_bytes(&writer, question->key, question->length);
	hb_write_u32(&writer, HB_ASK_DAEMON_MILLIS);
	if (question->op == HB_LOOKUP_PASSWD_BY_NAME)
		write_program(&writer);
	return hb_write_end(&writer);
}

static enum hb_verdict verdict_of(uint8_t kind) {
	switch (kind) {
	case HB_PASSWD:
	case HB_GROUP:
	case HB_GIDS:
		return HB_ANSWERED;
	case HB_IN_MAP:
		return HB_LOOK_AGAIN;
	case HB_TRY_AGAIN:
	case HB_NO_ROOM:
		return HB_NOT_YET;
	case HB_UNAVAILABLE:
		return HB_NO_DAEMON;
	default:
		return HB_NOT_THERE;
	}
}

static enum hb_verdict exchange(const struct hb_question *question, struct hb_reply *reply) {
	uint8_t frame[512];
	char path[108];
	size_t size = encode(question, frame, sizeof frame);
	int64_t deadline = hb_now() + HB_ASK_MILLIS;
	struct hb_connection connection;
	enum hb_io io;
	int error;

	if (size == 0 || !hb_path_beside(HB_SOCKET_PATH, "lookup", path, sizeof path))
		return HB_NOT_THERE;
	error = hb_connect(&connection, path, NULL, 0, deadline);
	if (error == ETIMEDOUT || error == EAGAIN)
		goto resting;
	if (error != 0)
		return HB_NO_DAEMON;
	/* Not from malloc: a host may be in the child of a fork that took malloc's locks along. */
	reply->memory = mmap(NULL, HB_FRAME_BUFFER, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (reply->memory == MAP_FAILED) {
		reply->memory = NULL;
		hb_close(&connection);
		return HB_NOT_YET;
	}
	connection.buffer = reply->memory;
	connection.capacity = HB_FRAME_BUFFER;
	io = hb_send(&connection, frame, size, deadline);
	/* A daemon without room for us says so and closes, maybe before we have sent anything. */
	if (io == HB_IO_OK || io == HB_IO_CLOSED)
		io = hb_receive(&connection, &reply->frame, deadline);
	if (io == HB_IO_OK && reply->frame.kind == HB_WORKING)
		io = hb_receive(&connection, &reply->frame, hb_now() + HB_WORKING_MILLIS);
	if (io == HB_IO_OK) {
		/* Closing erases the buffer, so the frame is kept out of its sight; it holds nothing secret. */
		connection.dirty = 0;
		hb_close(&connection);
		return verdict_of(reply->frame.kind);
	}
	hb_close(&connection);
	if (io != HB_IO_TIMEOUT)
		return io == HB_IO_MALFORMED ? HB_NOT_THERE : HB_NO_DAEMON;
resting:
	atomic_store(&rest_until, hb_now() + REST_MILLIS);
	return HB_NOT_YET;
}

enum hb_verdict hb_ask(const struct hb_question *question, struct hb_reply *reply) {
	int saved_errno = errno, cancel;
	enum hb_verdict verdict;

	reply->memory = NULL;
	if (hb_recent_find(question, &verdict))
		return verdict;
	if (hb_now() < atomic_load_explicit(&rest_until, memory_order_relaxed))
		return HB_NOT_YET;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
	verdict = exchange(question, reply);
	pthread_setcancelstate(cancel, NULL);
	if (verdict == HB_NOT_THERE || verdict == HB_NOT_YET)
		hb_recent_keep(question, verdict);
	errno = saved_errno;
	return verdict;
}

void hb_reply_free(struct hb_reply *reply) {
	if (reply->memory)
		munmap(reply->memory, HB_FRAME_BUFFER);
	reply->memory = NULL;
}
