/* Asks himmelblaud on its broker socket (docs/protocol/socket.md, section 8). Blocks; called on threads of calls. */
#ifndef HB_BROKER_DAEMON_H
#define HB_BROKER_DAEMON_H

#include <stdbool.h>
#include <stdint.h>

#include "call.h"

/* Where the daemon's sockets are. */
struct sockets {
	const char *sign_in;
	char broker[108];
};

/*
 * Sends the call to the daemon as a call of the named method. True: call->reply is the daemon's, in place of an earlier one.
 * False: call->failure says why there is none; the deadline (of hb_now()) has passed at the latest.
 */
bool daemon_ask(const struct sockets *sockets, struct call *call, const char *method, int64_t deadline);

/* Puts into the call's failure why the daemon could not be reached: error is hb_connect's. False. */
bool daemon_away(struct call *call, const char *path, int error);

#endif
