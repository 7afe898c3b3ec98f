/*
 * The sign-in conversation (docs/protocol/socket.md, section 4) as a machine that turns events into actions: no sockets, no
 * terminal, no policy. hb_converse drives it over a connection and a user.
 */
#ifndef HB_DIALOGUE_H
#define HB_DIALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "connection.h"
#include "frame.h"
#include "protocol.h"

struct hb_start {
	enum hb_op op;
	const char *user;
	const char *service;
	const char *tty;
	const char *rhost;
	uint32_t flags;
	uint32_t capabilities;
	const char *locale;
	const void *authtok;
	size_t authtok_size;
	uint32_t caller; /* real uid of this process: who runs su, not what su runs as */
};

/* The size of the frame, or 0 when it cannot be sent (a text that is not UTF-8, or too long). */
size_t hb_write_start(uint8_t *buffer, size_t capacity, const struct hb_start *start);

enum hb_state {
	HB_LISTENING = 0,
	HB_AWAITING_ANSWER,
	HB_FINISHED,
};

struct hb_dialogue {
	enum hb_op op;
	enum hb_state state;
	enum hb_keep keep;
};

enum hb_event_kind {
	HB_EVENT_FRAME,   /* frame arrived */
	HB_EVENT_BROKEN,  /* no frame will arrive: closed, late, malformed */
	HB_EVENT_ANSWER,  /* the user answered */
	HB_EVENT_NOTHING, /* the user gave nothing, or more than a frame takes */
	HB_EVENT_OVERTAKEN, /* the daemon spoke before the user answered */
};

enum hb_action_kind {
	HB_DO_LISTEN,
	HB_DO_SHOW,      /* text, kind HB_SAY or HB_WARN; then listen */
	HB_DO_ASK,       /* text, kind HB_ASK or HB_ASK_HIDDEN */
	HB_DO_ANSWER,    /* send the answer; keep tells what to remember it as */
	HB_DO_GIVE_UP,   /* send GIVE_UP, then listen */
	HB_DO_END,       /* code, account; environment texts remain in the frame */
	HB_DO_FAIL,      /* the daemon broke the protocol or went away */
	HB_DO_LEAVE,     /* the daemon has no room for us */
};

struct hb_action {
	enum hb_action_kind kind;
	uint8_t style;
	enum hb_keep keep;
	uint32_t code;
	const char *text; /* or the account, in HB_DO_END */
};

/* frame is read for HB_EVENT_FRAME only; texts live in its buffer. */
struct hb_action hb_dialogue_step(struct hb_dialogue *dialogue, enum hb_event_kind event, struct hb_frame *frame);

/* How a question went. */
enum hb_reply {
	HB_REPLY_ANSWER,
	HB_REPLY_NOTHING,
	HB_REPLY_OVERTAKEN,
};

/*
 * The user. ask writes at most HB_ANSWER_MAX bytes and says how many. keep receives every answer that the daemon marks as
 * one to keep, with what it is. putenv receives the texts NAME=value of a successful END.
 */
struct hb_user {
	void *self;
	void (*show)(void *self, uint8_t style, const char *text);
	enum hb_reply (*ask)(void *self, uint8_t style, const char *text, uint8_t *answer, size_t *size);
	void (*keep)(void *self, enum hb_keep what, const uint8_t *answer, size_t size);
	void (*set_environment)(void *self, const char *text);
};

struct hb_outcome {
	bool ended; /* false: the daemon broke the protocol, went away, or was silent for too long */
	bool heard;   /* the daemon answered at all; false when it was silent, went away, or had no room */
	bool stuck;   /* it was silent from the start until our patience ended */
	bool no_room; /* it said that it serves too many already */
	bool asked;   /* the user was asked something */
	uint32_t code;
	char account[257];
};

/* From START, which must be in connection->buffer with the given size, to END. */
void hb_converse(struct hb_connection *connection, size_t start_size, enum hb_op op, const struct hb_user *user,
		 struct hb_outcome *outcome);

/* "PAM_AUTH_ERR" for 7, "PAM_SYSTEM_ERR" for what has no name. */
const char *hb_code_name(uint32_t code);

#endif
