/* A command that runs in the daemon: docs/protocol/socket.md, section 6. */
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "connection.h"
#include "protocol.h"
#include "terminal.h"
#include "tool.h"

enum { CONNECT_MS = 5000, SEND_MS = 5000, GOING_ON = -1 };

struct command {
	struct hb_connection connection;
	bool raw;          /* what is typed goes to the daemon as it comes */
	bool wrote;        /* something was shown */
	uint8_t incoming[HB_FRAME_BUFFER];
	uint8_t outgoing[HB_FRAME_BUFFER];
};

static size_t write_command(struct command *command, int count, char **words)
{
	struct hb_writer writer;
	struct winsize window = { 0 };
	bool in = isatty(STDIN_FILENO) == 1;
	bool out = isatty(STDOUT_FILENO) == 1;

	if (out)
		(void)ioctl(STDOUT_FILENO, TIOCGWINSZ, &window);
	hb_write_begin(&writer, command->outgoing, sizeof command->outgoing, HB_COMMAND);
	hb_write_u32(&writer, (in ? (uint32_t)HB_STDIN_IS_TERMINAL : 0u) | (out ? (uint32_t)HB_STDOUT_IS_TERMINAL : 0u));
	hb_write_u32(&writer, window.ws_col);
	hb_write_u32(&writer, window.ws_row);
	hb_write_text(&writer, tool_locale());
	for (int i = 0; i < count; i++)
		hb_write_text(&writer, words[i]);
	return hb_write_end(&writer);
}

/* Failures show when the daemon's side is read: an END may be waiting there. */
static void send_bytes(struct command *command, uint8_t kind, const void *data, size_t size)
{
	struct hb_writer writer;

	hb_write_begin(&writer, command->outgoing, sizeof command->outgoing, kind);
	if (data != NULL)
		hb_write_bytes(&writer, data, size);
	size_t frame = hb_write_end(&writer);
	(void)hb_send(&command->connection, command->outgoing, frame, hb_now() + SEND_MS);
	explicit_bzero(command->outgoing, frame);
}

static void ask(struct command *command, const char *prompt, bool hidden)
{
	uint8_t line[HB_ANSWER_MAX];
	size_t size;

	switch (terminal_ask(prompt, hidden, command->connection.fd, line, sizeof line, &size)) {
	case LINE_READ:
		send_bytes(command, HB_ANSWER, line, size);
		break;
	case LINE_END:
		send_bytes(command, HB_GIVE_UP, NULL, 0);
		break;
	case LINE_OVERTAKEN:
		break;
	}
	explicit_bzero(line, sizeof line);
}

static int broken(const char *why)
{
	terminal_set(TERMINAL_AS_FOUND);
	fprintf(stderr, "aad-tool: himmelblaud %s\n", why);
	return EXIT_FAILURE;
}

/* One frame of the daemon; the exit code, or GOING_ON. */
static int heard(struct command *command, struct hb_frame *frame)
{
	struct hb_bytes bytes;
	const char *text;
	uint32_t number;

	switch (frame->kind) {
	case HB_OUT:
	case HB_ERR:
		if (!hb_read_bytes(frame, &bytes))
			break;
		command->wrote = true;
		if (!terminal_write(frame->kind == HB_OUT ? STDOUT_FILENO : STDERR_FILENO, bytes.data, bytes.size))
			return EXIT_FAILURE;
		return GOING_ON;
	case HB_ASK:
		if (!hb_read_text(frame, &text))
			break;
		command->wrote = true;
		ask(command, text, false);
		return GOING_ON;
	case HB_ASK_HIDDEN:
		if (!hb_read_text(frame, &text) || !hb_read_u32(frame, &number))
			break;
		command->wrote = true;
		ask(command, text, true);
		return GOING_ON;
	case HB_RAW:
		if (!hb_read_u32(frame, &number) || number < 1 || number > 2)
			break;
		command->raw = true;
		command->wrote = true;
		if (number == 2)
			terminal_set(TERMINAL_RAW);
		return GOING_ON;
	case HB_END:
		if (!hb_read_u32(frame, &number))
			break;
		return number <= 255 ? (int)number : EXIT_FAILURE;
	case HB_NO_ROOM:
		fputs("aad-tool: himmelblaud is running too many commands; try again later\n", stderr);
		return EXIT_FAILURE;
	default:
		break;
	}
	return broken("sent an answer that this aad-tool does not understand; do both have the same version?");
}

/* Passes on what is typed in a raw session. */
static void typed(struct command *command)
{
	uint8_t data[4096];
	ssize_t size = terminal_read(data, sizeof data);

	if (size > 0)
		send_bytes(command, HB_INPUT, data, (size_t)size);
	else {
		send_bytes(command, HB_INPUT_END, NULL, 0);
		command->raw = false;
	}
	explicit_bzero(data, sizeof data);
}

/*
 * How long a daemon may say nothing before it counts as stuck: it knows its own state and help at once, other commands may have a
 * directory or a key store to wait for. In a raw session a user decides.
 */
static int64_t patience(const char *word)
{
	if (strcmp(word, "help") == 0)
		return 2 * 1000;
	return strcmp(word, "status") == 0 ? 10 * 1000 : 10 * 60 * 1000;
}

static int listen_to_daemon(struct command *command, int64_t longest)
{
	int64_t end = hb_now() + longest;

	for (;;) {
		struct hb_frame frame;
		struct pollfd pollers[2] = {
			{ .fd = command->connection.fd, .events = POLLIN },
			{ .fd = command->raw ? STDIN_FILENO : -1, .events = POLLIN },
		};
		bool pending = command->raw && terminal_pending();
		int64_t left = end - hb_now();
		int ready = poll(pollers, 2, pending ? 0 : command->raw ? -1 : left > 0 ? (int)left : 0);
		if (ready < 0) {
			if (errno == EINTR)
				continue;
			return broken(strerror(errno));
		}
		if (ready == 0 && !command->raw)
			return broken("does not answer; it may be stuck: see journalctl -u himmelblaud");
		if (pollers[0].revents != 0) {
			enum hb_io io = hb_receive(&command->connection, &frame, hb_now());
			int result = GOING_ON;
			if (io == HB_IO_OK) {
				result = heard(command, &frame);
				end = hb_now() + longest;
			}
			else if (io == HB_IO_MALFORMED)
				result = broken("sent invalid data");
			else if (io != HB_IO_TIMEOUT)
				result = broken("closed the connection before the command ended");
			if (result != GOING_ON)
				return result;
		}
		if (command->raw && (pending || pollers[1].revents != 0))
			typed(command);
	}
}

static int run(int count, char **words, const char *say, bool explain)
{
	char path[108];
	int result = EXIT_FAILURE;

	if (!hb_path_beside(tool_socket(), "admin", path, sizeof path)) {
		tool_explain(tool_socket(), ENAMETOOLONG);
		return EXIT_FAILURE;
	}
	struct command *command = calloc(1, sizeof *command);
	if (command == NULL) {
		perror("aad-tool");
		return EXIT_FAILURE;
	}
	size_t size = write_command(command, count, words);
	if (size == 0) {
		fputs("aad-tool: too many arguments\n", stderr);
		free(command);
		return EXIT_USAGE;
	}
	int error = hb_connect(&command->connection, path, command->incoming, sizeof command->incoming,
			       hb_now() + CONNECT_MS);
	if (error != 0) {
		if (explain)
			tool_explain(path, error);
	} else {
		(void)hb_send(&command->connection, command->outgoing, size, hb_now() + SEND_MS);
		result = listen_to_daemon(command, patience(words[0]));
		terminal_set(TERMINAL_AS_FOUND);
		if (result == 0 && !command->wrote && say != NULL)
			fputs(say, stdout);
	}
	hb_close(&command->connection);
	free(command);
	return result;
}

int admin_run(int count, char **words, const char *say)
{
	return run(count, words, say, true);
}

void admin_run_if_there(int count, char **words)
{
	(void)run(count, words, NULL, false);
}
