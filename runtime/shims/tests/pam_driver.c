/*
 * A PAM application for the tests: pam_driver CONFDIR USER HOOK [ANSWER]...  Prints what the conversation shows, one line
 * each, and how the hook ended. An ANSWER of "^C" makes the conversation fail; so does running out of answers.
 * RHOST, RUSER, TTY: PAM items. SERVICE: not sshd. Prints PAM_USER when it is not USER any more. NO_CONVERSATION: none. SILENT: PAM_SILENT.
 */
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char **answers;

static void print(const char *style, const char *text)
{
	printf("%s ", style);
	for (; *text != '\0'; text++)
		if (*text == '\n')
			printf("\\n");
		else
			putchar(*text);
	putchar('\n');
	fflush(stdout);
}

static int converse(int count, const struct pam_message **messages, struct pam_response **responses, void *data)
{
	(void)data;
	*responses = calloc((size_t)count, sizeof **responses);
	for (int i = 0; i < count; i++) {
		int style = messages[i]->msg_style;
		print(style == PAM_TEXT_INFO ? "I" : style == PAM_ERROR_MSG ? "E" : style == PAM_PROMPT_ECHO_ON ? "on" : "off",
		      messages[i]->msg);
		if (style == PAM_TEXT_INFO || style == PAM_ERROR_MSG)
			continue;
		if (*answers == NULL || strcmp(*answers, "^C") == 0) {
			free(*responses);
			*responses = NULL;
			return PAM_CONV_ERR;
		}
		(*responses)[i].resp = strdup(*answers++);
	}
	return PAM_SUCCESS;
}

int main(int argc, char **argv)
{
	struct pam_conv conversation = { .conv = getenv("NO_CONVERSATION") == NULL ? converse : NULL };
	pam_handle_t *pamh = NULL;
	int flags = getenv("SILENT") == NULL ? 0 : PAM_SILENT;
	int result;

	if (argc < 4)
		return 2;
	answers = argv + 4;
	if (pam_start_confdir(getenv("SERVICE") == NULL ? "sshd" : getenv("SERVICE"), argv[2], &conversation, argv[1], &pamh) != PAM_SUCCESS)
		return 2;
	if (getenv("RHOST") != NULL)
		pam_set_item(pamh, PAM_RHOST, getenv("RHOST"));
	if (getenv("RUSER") != NULL)
		pam_set_item(pamh, PAM_RUSER, getenv("RUSER"));
	if (getenv("TTY") != NULL)
		pam_set_item(pamh, PAM_TTY, getenv("TTY"));
	if (strcmp(argv[3], "auth") == 0)
		result = pam_authenticate(pamh, flags);
	else if (strcmp(argv[3], "setcred") == 0)
		result = pam_setcred(pamh, PAM_ESTABLISH_CRED | flags);
	else if (strcmp(argv[3], "account") == 0)
		result = pam_acct_mgmt(pamh, flags);
	else if (strcmp(argv[3], "open") == 0)
		result = pam_open_session(pamh, flags);
	else if (strcmp(argv[3], "close") == 0)
		result = pam_close_session(pamh, flags);
	else
		result = pam_chauthtok(pamh, flags);
	char **environment = pam_getenvlist(pamh);
	for (char **line = environment; line != NULL && *line != NULL; line++) {
		print("env", *line);
		free(*line);
	}
	free(environment);
	const void *user = NULL;
	if (pam_get_item(pamh, PAM_USER, &user) == PAM_SUCCESS && user != NULL && strcmp(user, argv[2]) != 0)
		print("user", user);
	printf("result %d\n", result);
	pam_end(pamh, result);
	return 0;
}
