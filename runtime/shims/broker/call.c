#include "call.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connection.h"

struct call *call_new(sd_bus_message *message, const char *method, const char *version, const char *correlation,
		      const char *request)
{
	struct call *call = calloc(1, sizeof *call);

	if (call == NULL)
		return NULL;
	call->cancelled = -1;
	call->deadline = hb_now() + CALL_MS;
	call->method = strdup(method);
	call->version = strdup(version);
	call->correlation = strdup(correlation);
	call->request = strdup(request);
	if (call->method == NULL || call->version == NULL || call->correlation == NULL || call->request == NULL) {
		call_free(call);
		return NULL;
	}
	call->message = sd_bus_message_ref(message);
	return call;
}

static void wipe(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	free(text);
}

void call_free(struct call *call)
{
	sd_bus_message_unref(call->message);
	sd_bus_track_unref(call->caller);
	if (call->cancelled >= 0)
		close(call->cancelled);
	free(call->method);
	free(call->version);
	free(call->correlation);
	wipe(call->request);
	wipe(call->reply);
	free(call);
}

bool call_fails(struct call *call, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	vsnprintf(call->failure, sizeof call->failure, format, values);
	va_end(values);
	return false;
}

bool call_is_cancelled(const struct call *call)
{
	struct pollfd poller = { .fd = call->cancelled, .events = POLLIN };

	return call->cancelled >= 0 && poll(&poller, 1, 0) > 0;
}
