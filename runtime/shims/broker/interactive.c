#include "interactive.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "connection.h"
#include "json.h"
#include "sign_in.h"

static pthread_mutex_t asking = PTHREAD_MUTEX_INITIALIZER;

static bool silently(const struct sockets *sockets, struct call *call)
{
	return daemon_ask(sockets, call, "acquireTokenSilently", hb_now() + CALL_MS);
}

/* False when the call was cancelled first. waited: another sign-in was under way. */
static bool take_turn(struct call *call, bool *waited)
{
	*waited = false;
	for (;;) {
		struct timespec until;
		if (pthread_mutex_trylock(&asking) == 0)
			return true;
		*waited = true;
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += 200 * 1000 * 1000;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		if (pthread_mutex_timedlock(&asking, &until) == 0)
			return true;
		if (call_is_cancelled(call))
			return call_fails(call, "the sign-in was cancelled");
	}
}

static void forget_reply(struct call *call)
{
	if (call->reply != NULL)
		explicit_bzero(call->reply, strlen(call->reply));
	free(call->reply);
	call->reply = NULL;
}

void interactive_run(const struct sockets *sockets, struct call *call)
{
	bool demanded = json_demands_sign_in(call->request);
	bool waited;

	if (!demanded && (!silently(sockets, call) || !json_needs_sign_in(call->reply)))
		return;
	if (!take_turn(call, &waited)) {
		forget_reply(call);
		return;
	}
	/* The sign-in that was waited for may have given what this call needs, too. */
	if (demanded || !waited || (silently(sockets, call) && json_needs_sign_in(call->reply))) {
		forget_reply(call);
		/* By its own name: the daemon then checks that a demanded sign-in was just now. */
		if (sign_in(sockets, call))
			(void)daemon_ask(sockets, call, call->method, hb_now() + CALL_MS);
	}
	pthread_mutex_unlock(&asking);
}
