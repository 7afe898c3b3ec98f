#include "sign_in.h"

#include <limits.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connection.h"
#include "dialogue.h"
#include "page.h"
#include "pinentry.h"
#include "text.h"

enum {
	CONNECT_MS = 2000,
	SEND_MS = 5000,
	/* As in hb_converse: for HEARD, for the first words, and while a phone is asked. */
	HEARD_MS = 5 * 1000,
	SPOKEN_MS = 60 * 1000,
	FURTHER_MS = 16 * 60 * 1000,
	/* A text after which no question follows for so long is shown by itself. */
	SHOW_AFTER_MS = 400,
	/* A question longer than this stands above the field, not before it. */
	PROMPT_MAX = 40,
};

struct talk {
	struct call *call;
	struct hb_connection connection;
	struct hb_dialogue dialogue;
	struct pinentry pinentry;
	bool asking; /* the window is a question; else, if there is one, a text */
	bool page_opened;
	char shown[900]; /* texts since the last answer */
	int64_t show_at; /* when they are shown if nothing follows; HB_FOREVER: they are */
	int64_t patience;
};

static void send_frame(struct talk *talk, uint8_t kind, const uint8_t *answer, size_t size)
{
	struct hb_writer writer;

	hb_write_begin(&writer, talk->connection.buffer, talk->connection.capacity, kind);
	if (kind == HB_ANSWER)
		hb_write_bytes(&writer, answer, size);
	size_t length = hb_write_end(&writer);
	if (length > 0)
		(void)hb_send(&talk->connection, talk->connection.buffer, length, hb_now() + SEND_MS);
	explicit_bzero(talk->connection.buffer, length);
}

static bool broken(struct talk *talk)
{
	return call_fails(talk->call, "pinentry cannot ask the user: is one with windows installed (pinentry-gnome3, pinentry-qt)?");
}

static bool cancelled(struct talk *talk)
{
	return call_fails(talk->call, "the sign-in was cancelled");
}

static bool ask(struct talk *talk, const char *question)
{
	char text[sizeof talk->shown];
	const char *prompt = "";

	memcpy(text, talk->shown, sizeof text);
	if (strlen(question) <= PROMPT_MAX && strchr(question, '\n') == NULL)
		prompt = question;
	else
		text_append(text, sizeof text, question);
	talk->asking = true;
	talk->show_at = HB_FOREVER;
	return pinentry_ask(&talk->pinentry, text, prompt) || broken(talk);
}

static void hear(struct talk *talk, const char *text)
{
	char url[512];

	text_append(talk->shown, sizeof talk->shown, text);
	talk->show_at = hb_now() + SHOW_AFTER_MS;
	if (!talk->page_opened && text_page(text, url, sizeof url))
		talk->page_opened = page_open(url);
}

/* How a step went. */
enum step { GOES_ON, SIGNED_IN, FAILED };

static enum step take(struct talk *talk, const struct hb_action *action)
{
	switch (action->kind) {
	case HB_DO_LISTEN:
		return GOES_ON;
	case HB_DO_SHOW:
		hear(talk, action->text);
		return GOES_ON;
	case HB_DO_ASK:
		return ask(talk, action->text) ? GOES_ON : FAILED;
	case HB_DO_END:
		if (action->code == 0)
			return SIGNED_IN;
		call_fails(talk->call, "the sign-in failed (%s)%s%s", hb_code_name(action->code), talk->shown[0] == '\0' ? "" : ": ",
			   talk->shown);
		return FAILED;
	case HB_DO_LEAVE:
		call_fails(talk->call, "himmelblaud is handling too many sign-ins; try again later");
		return FAILED;
	default:
		call_fails(talk->call, "himmelblaud closed the connection or violated the protocol");
		return FAILED;
	}
}

static enum step from_daemon(struct talk *talk)
{
	struct hb_frame frame = { .kind = 0 };
	enum hb_io io = hb_receive(&talk->connection, &frame, 0);

	if (io == HB_IO_TIMEOUT)
		return GOES_ON;
	/* What it says now takes the place of what is on the screen. */
	if (talk->asking)
		(void)hb_dialogue_step(&talk->dialogue, HB_EVENT_OVERTAKEN, NULL);
	talk->asking = false;
	pinentry_close(&talk->pinentry);
	talk->patience = hb_now() + (io == HB_IO_OK && frame.kind == HB_HEARD ? SPOKEN_MS : FURTHER_MS);
	struct hb_action action = hb_dialogue_step(&talk->dialogue, io == HB_IO_OK ? HB_EVENT_FRAME : HB_EVENT_BROKEN, &frame);
	return take(talk, &action);
}

static enum step from_user(struct talk *talk)
{
	enum pinentry_state state = pinentry_read(&talk->pinentry);

	if (state == PINENTRY_OPEN)
		return GOES_ON;
	if (state == PINENTRY_DONE && talk->asking) {
		talk->asking = false;
		talk->shown[0] = '\0';
		(void)hb_dialogue_step(&talk->dialogue, HB_EVENT_ANSWER, NULL);
		send_frame(talk, HB_ANSWER, talk->pinentry.answer, talk->pinentry.size);
		talk->patience = hb_now() + FURTHER_MS;
	} else if (state == PINENTRY_CANCELLED) {
		/* The connection closes, and with it the conversation ends. */
		cancelled(talk);
		return FAILED;
	} else if (state == PINENTRY_BROKEN) {
		broken(talk);
		return FAILED;
	}
	pinentry_close(&talk->pinentry);
	return GOES_ON;
}

static enum step wait_and_step(struct talk *talk)
{
	int64_t now = hb_now();
	int64_t until = talk->show_at < talk->patience ? talk->show_at : talk->patience;
	int64_t left = until > now ? until - now : 0;
	struct pollfd polled[] = {
		{ .fd = talk->connection.fd, .events = POLLIN },
		{ .fd = talk->call->cancelled, .events = POLLIN },
		{ .fd = talk->pinentry.pid > 0 ? talk->pinentry.fd : -1, .events = POLLIN },
	};

	(void)poll(polled, 3, left > INT_MAX ? INT_MAX : (int)left);
	now = hb_now();
	if (polled[1].revents != 0) {
		cancelled(talk);
		return FAILED;
	}
	if (polled[0].revents != 0)
		return from_daemon(talk);
	if (polled[2].revents != 0)
		return from_user(talk);
	if (now >= talk->patience) {
		call_fails(talk->call, "himmelblaud did not answer in time");
		return FAILED;
	}
	if (now >= talk->show_at) {
		talk->show_at = HB_FOREVER;
		if (!pinentry_show(&talk->pinentry, talk->shown)) {
			broken(talk);
			return FAILED;
		}
	}
	return GOES_ON;
}

static const char *locale(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *value = getenv(names[i]);
		if (value != NULL && value[0] != '\0' && strlen(value) <= 64)
			return value;
	}
	return "";
}

/* The account is whom this process runs as, whatever the request says. */
static size_t write_start(struct talk *talk)
{
	struct passwd entry, *found = NULL;
	char names[8192];

	if (getpwuid_r(getuid(), &entry, names, sizeof names, &found) != 0 || found == NULL)
		return 0;
	const struct hb_start start = {
		.op = HB_OP_AUTHENTICATE,
		.user = found->pw_name,
		.service = "broker-interactive",
		.tty = "",
		.rhost = "",
		.capabilities = HB_CAN_SHOW_TEXT,
		.locale = locale(),
		.caller = (uint32_t)getuid(),
	};
	return hb_write_start(talk->connection.buffer, talk->connection.capacity, &start);
}

static bool converse(struct talk *talk)
{
	size_t size = write_start(talk);
	enum step step = GOES_ON;

	if (size == 0)
		return call_fails(talk->call, "the uid %u has no account on this host", (unsigned)getuid());
	enum hb_io io = hb_send(&talk->connection, talk->connection.buffer, size, hb_now() + SEND_MS);
	if (io != HB_IO_OK && io != HB_IO_CLOSED)
		return call_fails(talk->call, "himmelblaud did not answer in time");
	talk->patience = hb_now() + HEARD_MS;
	while (step == GOES_ON)
		step = wait_and_step(talk);
	return step == SIGNED_IN;
}

static bool present(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0';
}

bool sign_in(const struct sockets *sockets, struct call *call)
{
	if (!present("DISPLAY") && !present("WAYLAND_DISPLAY"))
		return call_fails(call, "a sign-in is needed, and there is no display to ask on: neither DISPLAY nor WAYLAND_DISPLAY is set");
	struct talk *talk = calloc(1, sizeof *talk);
	uint8_t *buffer = malloc(HB_FRAME_BUFFER);
	if (talk == NULL || buffer == NULL) {
		free(talk);
		free(buffer);
		return call_fails(call, "out of memory");
	}
	talk->call = call;
	talk->dialogue.op = HB_OP_AUTHENTICATE;
	talk->show_at = HB_FOREVER;
	int error = hb_connect(&talk->connection, sockets->sign_in, buffer, HB_FRAME_BUFFER, hb_now() + CONNECT_MS);
	bool done = error == 0 ? converse(talk) : daemon_away(call, sockets->sign_in, error);
	hb_close(&talk->connection);
	pinentry_close(&talk->pinentry);
	free(talk);
	free(buffer);
	return done;
}
