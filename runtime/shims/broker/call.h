/* One call of the broker's interface: what it asks, and what becomes of it. */
#ifndef HB_BROKER_CALL_H
#define HB_BROKER_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <systemd/sd-bus.h>

/* What a frame takes of method, version, correlation id and request together. */
#define CALL_TEXT_MAX 65000u
/* A caller has its reply, or an error, after this time. A sign-in takes as long as its user needs. */
#ifndef CALL_MS
#define CALL_MS 30000
#endif

struct call {
	/* Of the main thread alone. message is NULL once the caller has its answer. */
	sd_bus_message *message;
	sd_bus_track *caller;
	struct call *next_open;

	/* Set before the call is given to a thread, and not changed after that. */
	char *method, *version, *correlation, *request;
	int64_t deadline; /* of hb_now() */
	bool interactive;
	int cancelled; /* an eventfd, readable once nobody waits for an interactive call any more; else -1 */

	/* Set by the thread. reply is what the daemon said; NULL: failure says why there is none. */
	char *reply;
	char failure[512];
	struct call *next_done;
};

/* Copies what message asks; NULL without memory. The message is referenced. */
struct call *call_new(sd_bus_message *message, const char *method, const char *version, const char *correlation,
		      const char *request);

/* Wipes request and reply, which may be tokens. */
void call_free(struct call *call);

/* False, always, so that a function can end with it. */
bool call_fails(struct call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whether nobody waits for the call any more. */
bool call_is_cancelled(const struct call *call);

#endif
