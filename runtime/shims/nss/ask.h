/* One question over the lookup socket, when the map does not say. docs/protocol/socket.md, section 5. */
#ifndef HB_NSS_ASK_H
#define HB_NSS_ASK_H

#include <nss.h>

#include "frame.h"
#include "protocol.h"

/* From the first system call to the last, whatever the daemon does. */
#define HB_ASK_MILLIS 250
/* Given to the daemon, so that its "not yet" arrives before we stop waiting. */
#define HB_ASK_DAEMON_MILLIS 220
/* After the daemon has said, within HB_ASK_MILLIS, that it is still asking. Only processes of root are told so. */
#define HB_WORKING_MILLIS 5000

struct hb_question {
	enum hb_lookup_op op;
	const void *key;
	size_t length;
};

enum hb_verdict {
	HB_ANSWERED, /* the reply holds PASSWD, GROUP or GIDS */
	HB_LOOK_AGAIN, /* the map has it now */
	HB_NOT_THERE,
	HB_NOT_YET, /* the daemon did not know, or did not answer, in time */
	HB_NO_DAEMON
};

struct hb_reply {
	uint8_t *memory; /* the frame points into it */
	struct hb_frame frame;
};

/* A reply is freed with hb_reply_free, also when there was none. Keeps errno. */
enum hb_verdict hb_ask(const struct hb_question *question, struct hb_reply *reply);
void hb_reply_free(struct hb_reply *reply);

/* The question for a name or a number; false when it must not be asked. */
bool hb_ask_name(struct hb_question *question, enum hb_lookup_op op, const char *name);
void hb_ask_number(struct hb_question *question, enum hb_lookup_op op, uint8_t raw[4], uint32_t number);

#endif
