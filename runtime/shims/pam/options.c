#include "options.h"

#include <stddef.h>
#include <string.h>

#include "connection.h"
#include "protocol.h"

static bool *switch_of(struct options *options, const char *word)
{
	const struct {
		const char *word;
		bool *flag;
	} switches[] = {
		{ "debug", &options->debug },
		{ "ignore_unknown_user", &options->ignore_unknown_user },
		{ "use_first_pass", &options->use_first_pass },
		{ "mfa_poll_prompt", &options->mfa_poll_prompt },
		{ "no_hello_pin", &options->no_hello_pin },
		{ "no_info_prompt", &options->no_info_prompt },
		{ "set_authtok", &options->set_authtok },
		{ "keyring_authtok", &options->set_authtok },
		{ "collect_authtok", &options->collect_authtok },
		{ "try_unseal", &options->try_unseal },
	};

	for (size_t i = 0; i < sizeof switches / sizeof switches[0]; i++)
		if (strcmp(switches[i].word, word) == 0)
			return switches[i].flag;
	return NULL;
}

bool options_parse(int argc, const char **argv, struct options *options)
{
	*options = (struct options){ .socket = HB_SOCKET_PATH };
	for (int i = 0; i < argc; i++) {
		if (argv[i] == NULL || !hb_utf8_valid((const uint8_t *)argv[i], strlen(argv[i])))
			return false;
		bool *flag = switch_of(options, argv[i]);
		if (flag != NULL)
			*flag = true;
		else if (strncmp(argv[i], "socket=", 7) == 0)
			options->socket = argv[i] + 7;
	}
	if (options->try_unseal) {
		options->use_first_pass = true;
		options->ignore_unknown_user = true;
	}
	return options->socket[0] == '/';
}

uint32_t options_flags(const struct options *options, bool silent)
{
	return (options->no_hello_pin ? (uint32_t)HB_FLAG_NO_HELLO_PIN : 0u) |
	       (options->no_info_prompt ? (uint32_t)HB_FLAG_NO_INFO_PROMPT : 0u) |
	       (options->mfa_poll_prompt ? (uint32_t)HB_FLAG_MFA_POLL_PROMPT : 0u) |
	       (silent ? (uint32_t)HB_FLAG_SILENT : 0u) |
	       (options->ignore_unknown_user ? (uint32_t)HB_FLAG_IGNORE_UNKNOWN_USER : 0u);
}
