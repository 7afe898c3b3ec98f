/* aad-tool: a thin client. What it does not do itself, the daemon does; configure-pam alone works without it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "configure.h"
#include "connection.h"
#include "terminal.h"
#include "tool.h"

const char *tool_socket(void)
{
	const char *path = secure_getenv("HIMMELBLAU_SOCKET_PATH");

	return path != NULL && path[0] == '/' ? path : HB_SOCKET_PATH;
}

const char *tool_locale(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *value = getenv(names[i]);
		if (value != NULL && value[0] != '\0' && strlen(value) <= 64 &&
		    hb_utf8_valid((const uint8_t *)value, strlen(value)))
			return value;
	}
	return "";
}

void tool_explain(const char *path, int error)
{
	if (error == ENOENT)
		fprintf(stderr, "himmelblaud socket %s does not exist - is the service running?\n", path);
	else if (error == EPERM)
		fprintf(stderr, "himmelblaud socket %s is served by a process other than himmelblaud; nothing was sent\n", path);
	else
		fprintf(stderr, "himmelblaud socket %s does not answer (%s) - is the service running?\n", path, strerror(error));
}

static bool is_word(const char *word, const char *brief, const char *full)
{
	return strcmp(word, brief) == 0 || strcmp(word, full) == 0;
}

static bool wants_help(int count, char **words)
{
	for (int i = 0; i < count && strcmp(words[i], "--") != 0; i++)
		if (is_word(words[i], "-h", "--help"))
			return true;
	return false;
}

/* --debug is accepted everywhere; the daemon keeps its own log. */
static int without_debug(int count, char **words)
{
	int kept = 0;

	for (int i = 0; i < count; i++)
		if (!is_word(words[i], "-d", "--debug"))
			words[kept++] = words[i];
	return kept;
}

static const struct places places = {
	.pam_folder = "/etc/pam.d",
	.pam_config = "/usr/sbin/pam-config",
	.pam_auth_update = "/usr/sbin/pam-auth-update",
};

int main(int argc, char **argv)
{
	int count = argc - 1;
	char **words = argv + 1;

	for (int i = 0; i < count; i++)
		if (!hb_utf8_valid((const uint8_t *)words[i], strlen(words[i]))) {
			fprintf(stderr, "aad-tool: argument %d is not UTF-8\n", i + 1);
			return EXIT_USAGE;
		}
	if (count == 0) {
		fputs("aad-tool: a command is needed; \"aad-tool help\" lists them\n", stderr);
		return EXIT_USAGE;
	}
	if (strcmp(words[0], "help") == 0) {
		if (help_print(count - 1, words + 1))
			return 0;
		/* A third-party bundle may provide it. */
		return admin_run(count, words, NULL);
	}
	if (wants_help(count, words) && help_print(count, words))
		return 0;
	if (help_knows(words[0]))
		count = without_debug(count, words);
	if (strcmp(words[0], "version") == 0 || is_word(words[0], "-V", "--version")) {
		printf("himmelblau %s\n", HB_VERSION);
		return 0;
	}
	if (strcmp(words[0], "configure-pam") == 0)
		return configure_pam(count - 1, words + 1, &places);
	if (!input_from_file(count, words))
		return EXIT_FAILURE;
	terminal_open();
	if (strcmp(words[0], "auth-test") == 0)
		return auth_test(count - 1, words + 1);
	if (count > 1 && strcmp(words[0], "cred") == 0 && strcmp(words[1], "cert") == 0)
		return certificate_run(count, words);
	return admin_run(count, words, strcmp(words[0], "status") == 0 ? "working!\n" : NULL);
}
