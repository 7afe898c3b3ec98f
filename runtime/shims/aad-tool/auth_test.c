/* auth-test: what a PAM application would see, on this terminal. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dialogue.h"
#include "terminal.h"
#include "tool.h"

enum { CONNECT_MS = 1000, PAM_SUCCESS_ = 0, PAM_PERM_DENIED_ = 6, PAM_USER_UNKNOWN_ = 10, PAM_IGNORE_ = 25 };

struct test {
	const char *name;
	bool force_reauth;
	struct hb_connection connection;
	uint8_t buffer[HB_FRAME_BUFFER];
};

static bool parse(int count, char **words, struct test *test)
{
	for (int i = 0; i < count; i++) {
		if (strcmp(words[i], "--force-reauth") == 0)
			test->force_reauth = true;
		else if ((strcmp(words[i], "-D") == 0 || strcmp(words[i], "--name") == 0) && i + 1 < count)
			test->name = words[++i];
		else if (strncmp(words[i], "--name=", 7) == 0)
			test->name = words[i] + 7;
		else
			return false;
	}
	return test->name != NULL && test->name[0] != '\0';
}

static void show(void *self, uint8_t style, const char *text)
{
	int fd = style == HB_WARN ? STDERR_FILENO : STDOUT_FILENO;

	(void)self;
	(void)terminal_write(fd, text, strlen(text));
	(void)terminal_write(fd, "\n", 1);
}

static enum hb_reply ask(void *self, uint8_t style, const char *text, uint8_t *answer, size_t *size)
{
	const struct test *test = self;

	switch (terminal_ask(text, style == HB_ASK_HIDDEN, test->connection.fd, answer, HB_ANSWER_MAX, size)) {
	case LINE_READ:
		return HB_REPLY_ANSWER;
	case LINE_OVERTAKEN:
		return HB_REPLY_OVERTAKEN;
	default:
		return HB_REPLY_NOTHING;
	}
}

static void forget(void *self, enum hb_keep what, const uint8_t *answer, size_t size)
{
	(void)self;
	(void)what;
	(void)answer;
	(void)size;
}

static void no_environment(void *self, const char *text)
{
	(void)self;
	(void)text;
}

/* False when the daemon could not be asked, which is told. */
static bool converse(struct test *test, enum hb_op op, struct hb_outcome *outcome)
{
	const struct hb_user user = {
		.self = test, .show = show, .ask = ask, .keep = forget, .set_environment = no_environment
	};
	const struct hb_start start = {
		.op = op,
		.user = test->name,
		.service = "aad-tool",
		.tty = isatty(STDIN_FILENO) == 1 ? ttyname(STDIN_FILENO) : "",
		.rhost = "",
		.flags = test->force_reauth ? (uint32_t)HB_FLAG_FORCE_REAUTH : 0u,
		.capabilities = HB_CAN_SHOW_TEXT,
		.locale = tool_locale(),
		.caller = (uint32_t)getuid(),
	};
	int error = hb_connect(&test->connection, tool_socket(), test->buffer, sizeof test->buffer, hb_now() + CONNECT_MS);

	if (error != 0) {
		tool_explain(tool_socket(), error);
		return false;
	}
	size_t size = hb_write_start(test->buffer, sizeof test->buffer, &start);
	if (size == 0)
		fputs("aad-tool: the name is too long\n", stderr);
	else
		hb_converse(&test->connection, size, op, &user, outcome);
	hb_close(&test->connection);
	return size > 0;
}

static int run(struct test *test)
{
	struct hb_outcome outcome;

	if (!converse(test, HB_OP_AUTHENTICATE, &outcome))
		return EXIT_FAILURE;
	if (!outcome.ended) {
		fputs(outcome.no_room ? "Authentication failed: himmelblaud is handling too many sign-ins; try again later\n"
				      : "Authentication failed: himmelblaud closed the connection or violated the protocol\n",
		      stderr);
		return EXIT_FAILURE;
	}
	if (outcome.code == PAM_IGNORE_ || outcome.code == PAM_USER_UNKNOWN_) {
		fprintf(stderr, "'%s' is not a valid directory user\n", test->name);
		return EXIT_FAILURE;
	}
	if (outcome.code != PAM_SUCCESS_) {
		fprintf(stderr, "Authentication failed: %s\n", hb_code_name(outcome.code));
		return EXIT_FAILURE;
	}
	printf("Authentication succeeded for %s\n", outcome.account);
	fflush(stdout);

	/* Signing in is half of it: a host may still refuse the account. */
	if (!converse(test, HB_OP_ACCOUNT, &outcome))
		return EXIT_FAILURE;
	if (outcome.ended && outcome.code == PAM_PERM_DENIED_) {
		fputs("It was not checked whether the account may use this host: only root and the account itself can ask\n", stderr);
		return EXIT_SUCCESS;
	}
	if (!outcome.ended || outcome.code != PAM_SUCCESS_) {
		fprintf(stderr, "The account may not use this host: %s\n",
			outcome.ended ? hb_code_name(outcome.code) : "himmelblaud closed the connection");
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}

int auth_test(int count, char **words)
{
	struct test *test = calloc(1, sizeof *test);
	int result = EXIT_USAGE;

	if (test == NULL) {
		perror("aad-tool");
		return EXIT_FAILURE;
	}
	if (parse(count, words, test))
		result = run(test);
	else
		fputs("Usage: aad-tool auth-test --name NAME [--force-reauth]\n", stderr);
	free(test);
	return result;
}
