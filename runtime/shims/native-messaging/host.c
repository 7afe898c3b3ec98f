#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#include "commands.h"
#include "frames.h"

#define NAME "com.microsoft.identity.broker1"
#define PATH "/com/microsoft/identity/broker1"
#define INTERFACE "com.microsoft.identity.Broker1"

enum {
	/* The broker answers within 30 seconds. */
	CALL_US = 40 * 1000 * 1000,
	/* Read ahead of their replies; then the browser waits. */
	PENDING_MAX = 64,
};

/* A command whose reply is awaited, or waits for those before it. */
struct pending {
	struct host *host;
	sd_bus_slot *slot;
	char *command, *message;
	struct pending *next;
};

struct host {
	sd_event *event;
	sd_event_source *browser;
	sd_bus *bus;
	int in, out;
	struct incoming incoming;
	struct pending *first, *last;
	int count;
	enum { NOTHING_SAID, SAID_ONLINE, SAID_OFFLINE } state;
};

static void say(struct host *host, char *message)
{
	if (message != NULL && !outgoing_write(host->out, message, strlen(message)))
		sd_event_exit(host->event, EXIT_FAILURE);
	if (message != NULL)
		explicit_bzero(message, strlen(message));
	free(message);
}

static void drop(struct pending *pending)
{
	sd_bus_slot_unref(pending->slot);
	free(pending->command);
	free(pending->message);
	free(pending);
}

/* Says what is known, up to the first command whose reply is still awaited. */
static void flush(struct host *host)
{
	struct pending *pending;

	while ((pending = host->first) != NULL && pending->message != NULL) {
		host->first = pending->next;
		if (host->first == NULL)
			host->last = NULL;
		host->count--;
		say(host, pending->message);
		pending->message = NULL;
		drop(pending);
	}
	(void)sd_event_source_set_enabled(host->browser, host->count < PENDING_MAX ? SD_EVENT_ON : SD_EVENT_OFF);
}

static char *failure(const char *command, const char *name, const char *text)
{
	char why[1024];

	if (snprintf(why, sizeof why, "Failure during request processing: %s: %s", name, text) >= (int)sizeof why) {
		/* Cut within a character, the text would be no JSON. */
		size_t end = strlen(why);
		while (end > 0 && ((unsigned char)why[end - 1] & 0xC0u) == 0x80u)
			end--;
		if (end > 0 && (unsigned char)why[end - 1] >= 0xC0u)
			end--;
		why[end] = '\0';
	}
	return message_of_failure(command, why);
}

static int on_reply(sd_bus_message *reply, void *context, sd_bus_error *unused)
{
	struct pending *pending = context;
	struct host *host = pending->host;
	const sd_bus_error *error = sd_bus_message_get_error(reply);
	const char *text = NULL;

	(void)unused;
	if (error != NULL)
		pending->message = failure(pending->command, error->name, error->message != NULL ? error->message : "");
	else if (sd_bus_message_read(reply, "s", &text) < 0)
		pending->message = failure(pending->command, NAME, "the reply is no text");
	else
		pending->message = message_of_reply(pending->command, text);
	if (pending->message == NULL)
		sd_event_exit(host->event, EXIT_FAILURE);
	flush(host);
	return 0;
}

static bool new_correlation(char text[37])
{
	uint8_t id[16];

	if (getrandom(id, sizeof id, 0) != (ssize_t)sizeof id)
		return false;
	id[6] = (uint8_t)((id[6] & 0x0Fu) | 0x40u);
	id[8] = (uint8_t)((id[8] & 0x3Fu) | 0x80u);
	snprintf(text, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", id[0], id[1], id[2], id[3],
		 id[4], id[5], id[6], id[7], id[8], id[9], id[10], id[11], id[12], id[13], id[14], id[15]);
	return true;
}

static void announce(struct host *host, bool online)
{
	if (host->state != (online ? SAID_ONLINE : SAID_OFFLINE))
		say(host, message_of_state(online));
	host->state = online ? SAID_ONLINE : SAID_OFFLINE;
}

static int on_owner_changed(sd_bus_message *message, void *context, sd_bus_error *unused)
{
	struct host *host = context;
	const char *name, *before, *after;

	(void)unused;
	if (sd_bus_message_read(message, "sss", &name, &before, &after) >= 0)
		announce(host, after[0] != '\0');
	return 0;
}

static int on_disconnected(sd_bus_message *message, void *host, sd_bus_error *unused)
{
	(void)message;
	(void)unused;
	announce(host, false);
	return 0;
}

static bool contains(char **names, const char *name)
{
	for (char **at = names; at != NULL && *at != NULL; at++)
		if (strcmp(*at, name) == 0)
			return true;
	return false;
}

static void free_names(char **names)
{
	for (char **at = names; at != NULL && *at != NULL; at++)
		free(*at);
	free(names);
}

/* Whether a call would find a broker: one that runs, or one that the bus starts. */
static bool broker_is_there(sd_bus *bus)
{
	char **running = NULL, **startable = NULL;
	bool there = sd_bus_list_names(bus, &running, &startable) >= 0 && (contains(running, NAME) || contains(startable, NAME));

	free_names(running);
	free_names(startable);
	return there;
}

/* The bus, opened when it is needed; a session may get another one. NULL, with an error, when there is none. */
static sd_bus *bus_of(struct host *host, int *error)
{
	if (host->bus != NULL && sd_bus_is_open(host->bus) > 0)
		return host->bus;
	host->bus = sd_bus_close_unref(host->bus);
	*error = sd_bus_open_user(&host->bus);
	if (*error >= 0)
		*error = sd_bus_add_match(host->bus, NULL,
					  "type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',"
					  "member='NameOwnerChanged',arg0='" NAME "'",
					  on_owner_changed, host);
	if (*error >= 0)
		*error = sd_bus_add_match(host->bus, NULL,
					  "type='signal',sender='org.freedesktop.DBus.Local',interface='org.freedesktop.DBus.Local',"
					  "member='Disconnected'",
					  on_disconnected, host);
	if (*error >= 0)
		*error = sd_bus_attach_event(host->bus, host->event, SD_EVENT_PRIORITY_NORMAL);
	if (*error < 0)
		host->bus = sd_bus_close_unref(host->bus);
	announce(host, host->bus != NULL && broker_is_there(host->bus));
	return host->bus;
}

/* Why nothing was sent, or NULL. */
static char *call_broker(struct host *host, struct pending *pending, const struct command *command)
{
	char correlation[37];
	int error = -EIO;
	sd_bus *bus = bus_of(host, &error);

	if (bus == NULL)
		return failure(command->name, "no session bus", strerror(-error));
	if (!new_correlation(correlation))
		return failure(command->name, "no random numbers", strerror(errno));
	sd_bus_message *message = NULL;
	error = sd_bus_message_new_method_call(bus, &message, NAME, PATH, INTERFACE, command->method);
	if (error >= 0)
		error = sd_bus_message_append(message, "sss", "0.0", correlation, command->request);
	if (error >= 0)
		error = sd_bus_call_async(bus, &pending->slot, message, on_reply, pending, CALL_US);
	sd_bus_message_unref(message);
	return error < 0 ? failure(command->name, "not sent", strerror(-error)) : NULL;
}

static bool take(struct host *host, const char *text, size_t size)
{
	struct command command;
	struct pending *pending = calloc(1, sizeof *pending);

	if (pending == NULL)
		return false;
	if (!command_read(&command, text, size)) {
		command_free(&command);
		drop(pending);
		return false;
	}
	pending->host = host;
	pending->message = command.method == NULL ? message_of_failure(command.name, command.error)
						  : call_broker(host, pending, &command);
	pending->command = command.name;
	command.name = NULL;
	command_free(&command);
	if (host->last != NULL)
		host->last->next = pending;
	else
		host->first = pending;
	host->last = pending;
	host->count++;
	return true;
}

static int on_browser(sd_event_source *source, int fd, uint32_t events, void *context)
{
	struct host *host = context;

	(void)source;
	(void)events;
	while (host->count < PENDING_MAX) {
		switch (incoming_read(&host->incoming, fd)) {
		case INCOMING_MORE:
			flush(host);
			return 0;
		case INCOMING_WHOLE:
			if (!take(host, host->incoming.text, host->incoming.size))
				return sd_event_exit(host->event, EXIT_FAILURE);
			incoming_next(&host->incoming);
			break;
		case INCOMING_END:
			return sd_event_exit(host->event, EXIT_SUCCESS);
		case INCOMING_BROKEN:
			fputs("linux-entra-sso: what the browser sends is no message: the length is wrong, or it ends early\n", stderr);
			return sd_event_exit(host->event, EXIT_FAILURE);
		}
	}
	flush(host);
	return 0;
}

static int start(struct host *host)
{
	int error = 0;

	int result = sd_event_default(&host->event);
	if (result < 0)
		return result;
	if (fcntl(host->in, F_SETFL, fcntl(host->in, F_GETFL) | O_NONBLOCK) < 0)
		return -errno;
	result = sd_event_add_io(host->event, &host->browser, host->in, EPOLLIN, on_browser, host);
	if (result < 0)
		return result;
	(void)bus_of(host, &error); /* which says how it is */
	return 0;
}

int host_run(int in, int out)
{
	struct host host = { .in = in, .out = out };
	int result = start(&host);

	if (result >= 0)
		result = sd_event_loop(host.event);
	if (result < 0)
		fprintf(stderr, "linux-entra-sso: %s\n", strerror(-result));
	while (host.first != NULL) {
		struct pending *next = host.first->next;
		drop(host.first);
		host.first = next;
	}
	incoming_next(&host.incoming);
	sd_event_source_unref(host.browser);
	sd_bus_flush_close_unref(host.bus);
	sd_event_unref(host.event);
	return result < 0 ? EXIT_FAILURE : result;
}
