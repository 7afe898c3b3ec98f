/*
 * himmelblau_broker: what Microsoft's own broker for Linux is to Edge, MSAL and browser extensions, on the session bus of one user.
 * It carries JSON between the bus and himmelblaud, which decides everything by the uid of this process.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#include "connection.h"
#include "daemon.h"
#include "service.h"
#include "threads.h"

static int fails(const char *what, int error)
{
	fprintf(stderr, "himmelblau_broker: %s: %s\n", what, strerror(-error));
	return EXIT_FAILURE;
}

/* No queue: whoever has the name keeps it, and nobody waits for it unseen. */
static int take_name(sd_bus *bus)
{
	int result = sd_bus_request_name(bus, BROKER_NAME, 0);

	if (result == -EEXIST || result == -EALREADY) {
		fprintf(stderr, "himmelblau_broker: another program has the name %s on this bus already; \"busctl --user status %s\" says which\n",
			BROKER_NAME, BROKER_NAME);
		return EXIT_FAILURE;
	}
	return result < 0 ? fails("the name " BROKER_NAME " was not given by the bus", result) : EXIT_SUCCESS;
}

static int serve(sd_bus *bus, sd_event *event, const struct sockets *sockets)
{
	int result = service_open(bus, event, sockets);

	if (result >= 0)
		result = sd_bus_attach_event(bus, event, SD_EVENT_PRIORITY_NORMAL);
	if (result >= 0)
		result = sd_bus_set_exit_on_disconnect(bus, true);
	if (result < 0)
		return fails("the interface cannot be served", result);
	if (take_name(bus) != EXIT_SUCCESS)
		return EXIT_FAILURE;
	result = sd_event_loop(event);
	if (result < 0)
		return fails("the event loop ended", result);
	/* What threads use that still wait for the daemon must stay. */
	if (!threads_idle())
		_exit(result);
	return result;
}

static int run(const struct sockets *sockets)
{
	sd_bus *bus = NULL;
	sd_event *event = NULL;
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	signal(SIGPIPE, SIG_IGN);
	int result = sd_event_default(&event);
	if (result >= 0)
		result = sd_event_add_signal(event, NULL, SIGTERM, NULL, NULL);
	if (result >= 0)
		result = sd_event_add_signal(event, NULL, SIGINT, NULL, NULL);
	if (result >= 0)
		result = sd_event_set_watchdog(event, true);
	if (result < 0)
		return fails("no event loop", result);
	result = sd_bus_open_user(&bus);
	int code = result < 0 ? fails("there is no session bus", result) : serve(bus, event, sockets);
	sd_bus_flush_close_unref(bus);
	sd_event_unref(event);
	return code;
}

static const char usage[] =
	"Usage: himmelblau_broker [--socket PATH] [--broker-socket PATH]\n"
	"Serves " BROKER_NAME " on the session bus of its user, from himmelblaud.\n"
	"  --socket PATH          himmelblaud's sign-in socket\n"
	"  --broker-socket PATH   its socket for this program; without this, broker_sock beside the other\n";

/* False when the path is too long for a socket. */
static bool place(struct sockets *sockets, const char *broker)
{
	if (broker == NULL)
		return hb_path_beside(sockets->sign_in, "broker_sock", sockets->broker, sizeof sockets->broker);
	return snprintf(sockets->broker, sizeof sockets->broker, "%s", broker) < (int)sizeof sockets->broker;
}

int main(int argc, char **argv)
{
	static struct sockets sockets = { .sign_in = HB_SOCKET_PATH };
	const char *broker = NULL;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--socket") == 0 && i + 1 < argc) {
			sockets.sign_in = argv[++i];
		} else if (strcmp(argv[i], "--broker-socket") == 0 && i + 1 < argc) {
			broker = argv[++i];
		} else if (strcmp(argv[i], "--version") == 0) {
			printf("himmelblau_broker %s\n", HB_VERSION);
			return EXIT_SUCCESS;
		} else {
			bool help = strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0;
			fputs(usage, help ? stdout : stderr);
			return help ? EXIT_SUCCESS : 2;
		}
	}
	if (!place(&sockets, broker)) {
		fputs("himmelblau_broker: the path of the socket is too long\n", stderr);
		return 2;
	}
	return run(&sockets);
}
