#include "service.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "interactive.h"
#include "threads.h"

static const struct sockets *where;
/* Interactive calls whose threads have not ended: what cancelInteractiveFlow can find. */
static struct call *open_calls;

static void run(struct call *call)
{
	if (call->interactive)
		interactive_run(where, call);
	else
		(void)daemon_ask(where, call, call->method, call->deadline);
}

static void answer(struct call *call)
{
	if (call->message == NULL)
		return;
	if (call->reply != NULL)
		(void)sd_bus_reply_method_return(call->message, "s", call->reply);
	else
		(void)sd_bus_reply_method_errorf(call->message, SD_BUS_ERROR_FAILED, "%s", call->failure);
	call->message = sd_bus_message_unref(call->message);
}

static void forget(struct call *call)
{
	for (struct call **at = &open_calls; *at != NULL; at = &(*at)->next_open)
		if (*at == call) {
			*at = call->next_open;
			return;
		}
}

static int on_done(sd_event_source *source, int fd, uint32_t events, void *unused)
{
	struct call *call;

	(void)source;
	(void)fd;
	(void)events;
	(void)unused;
	while ((call = threads_done()) != NULL) {
		forget(call);
		answer(call);
		call_free(call);
	}
	return 0;
}

/* The caller has its answer at once; the thread ends when it looks. */
static void cancel(struct call *call)
{
	uint64_t one = 1;

	(void)!write(call->cancelled, &one, sizeof one);
	if (call->message != NULL)
		(void)sd_bus_reply_method_errorf(call->message, SD_BUS_ERROR_FAILED, "the sign-in was cancelled");
	call->message = sd_bus_message_unref(call->message);
}

static int on_caller_gone(sd_bus_track *track, void *call)
{
	(void)track;
	cancel(call);
	return 0;
}

/* For a call that may take minutes: a way to end it, and its end when the caller's connection ends. */
static bool make_cancellable(struct call *call, sd_bus_message *message)
{
	call->interactive = true;
	call->cancelled = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return call->cancelled >= 0 &&
	       sd_bus_track_new(sd_bus_message_get_bus(message), &call->caller, on_caller_gone, call) >= 0 &&
	       sd_bus_track_add_sender(call->caller, message) >= 0;
}

static int accept_call(sd_bus_message *message, sd_bus_error *error, bool interactive)
{
	const char *version, *correlation, *request;
	int result = sd_bus_message_read(message, "sss", &version, &correlation, &request);

	if (result < 0)
		return result;
	if (strlen(version) + strlen(correlation) + strlen(request) > CALL_TEXT_MAX)
		return sd_bus_error_setf(error, SD_BUS_ERROR_LIMITS_EXCEEDED, "the request is longer than %u bytes", CALL_TEXT_MAX);
	struct call *call = call_new(message, sd_bus_message_get_member(message), version, correlation, request);
	if (call == NULL)
		return -ENOMEM;
	if (interactive && !make_cancellable(call, message)) {
		call_free(call);
		return -ENOMEM;
	}
	if (!threads_start(call)) {
		call_free(call);
		return sd_bus_error_set(error, SD_BUS_ERROR_LIMITS_EXCEEDED, "too many calls are waiting already; try again later");
	}
	if (interactive) {
		call->next_open = open_calls;
		open_calls = call;
	}
	return 1; /* answered later */
}

static int on_call(sd_bus_message *message, void *unused, sd_bus_error *error)
{
	(void)unused;
	return accept_call(message, error, false);
}

static int on_interactive_call(sd_bus_message *message, void *unused, sd_bus_error *error)
{
	(void)unused;
	return accept_call(message, error, true);
}

/* Ends the flow of the same caller with the same correlation id. */
static int on_cancel(sd_bus_message *message, void *unused, sd_bus_error *error)
{
	const char *version, *correlation, *request;
	int result = sd_bus_message_read(message, "sss", &version, &correlation, &request);

	(void)unused;
	(void)error;
	if (result < 0)
		return result;
	for (struct call *call = open_calls; call != NULL; call = call->next_open)
		if (call->message != NULL && strcasecmp(call->correlation, correlation) == 0 &&
		    strcmp(sd_bus_message_get_sender(call->message), sd_bus_message_get_sender(message)) == 0) {
			cancel(call);
			return sd_bus_reply_method_return(message, "s", "{}");
		}
	return sd_bus_reply_method_return(message, "s",
					  "{\"error\":{\"context\":\"There is no such flow\",\"status\":0,\"subStatus\":0}}");
}

#define METHOD(name, handler)                                                                                            \
	SD_BUS_METHOD_WITH_ARGS(name, SD_BUS_ARGS("s", protocolVersion, "s", correlationId, "s", request),               \
				SD_BUS_RESULT("s", reply), handler, SD_BUS_VTABLE_UNPRIVILEGED)

static const sd_bus_vtable interface[] = {
	SD_BUS_VTABLE_START(0),
	METHOD("getAccounts", on_call),
	METHOD("acquireTokenSilently", on_call),
	METHOD("acquireTokenInteractively", on_interactive_call),
	METHOD("acquirePrtSsoCookie", on_call),
	METHOD("generateSignedHttpRequest", on_call),
	METHOD("removeAccount", on_call),
	METHOD("cancelInteractiveFlow", on_cancel),
	METHOD("getLinuxBrokerVersion", on_call),
	SD_BUS_VTABLE_END,
};

int service_open(sd_bus *bus, sd_event *event, const struct sockets *sockets)
{
	where = sockets;
	int done = threads_open(run);
	if (done < 0)
		return -errno;
	int result = sd_event_add_io(event, NULL, done, EPOLLIN, on_done, NULL);
	if (result >= 0)
		result = sd_bus_add_object_vtable(bus, NULL, BROKER_PATH, BROKER_INTERFACE, interface, NULL);
	return result < 0 ? result : 0;
}
