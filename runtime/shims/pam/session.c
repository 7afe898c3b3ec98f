#include "session.h"

#include <errno.h>
#include <inttypes.h>
#include <security/pam_ext.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "number.h"
#include "resolve.h"
#include "translation.h"

enum {
	CONNECT_MS = 500,
	START_WAIT_MS = 1000,
	RESTART_WAIT_MS = 10000, /* a user is waiting */
	BOOT_WAIT_MS = 30000,    /* no user is waiting: a job of cron, a user manager */
	START_ROUND_MS = 250,
	BANNER_MS = 2000,
};

/* systemd keeps this link, which points to nothing, from the moment it starts the daemon's unit until that has ended. */
#ifndef HB_UNIT_MARK
#define HB_UNIT_MARK "/run/systemd/units/invocation:himmelblaud.service"
#endif

/*
 * systemd resolves the daemon's own user through PAM and NSS in the child that is about to become the daemon; asking the daemon
 * there would wait for ourselves. secure_getenv: a user who runs su must not be able to disable this module.
 */
static bool inside_own_activation(void)
{
	const char *unit = secure_getenv("SYSTEMD_ACTIVATION_UNIT");

	return unit != NULL &&
	       (strcmp(unit, "himmelblaud.service") == 0 || strcmp(unit, "himmelblaud-tasks.service") == 0);
}

static void sleep_ms(int64_t milliseconds)
{
	int64_t end = hb_now() + milliseconds;

	for (int64_t left = milliseconds; left > 0; left = end - hb_now()) {
		struct timespec pause = { .tv_sec = (time_t)(left / 1000),
					  .tv_nsec = (long)(left % 1000) * 1000000 };
		nanosleep(&pause, NULL);
	}
}

int session_open(struct session **opened, pam_handle_t *pamh, int flags, int argc, const char **argv, bool with_user)
{
	*opened = NULL;
	if (inside_own_activation())
		return PAM_IGNORE;
	struct session *session = calloc(1, sizeof *session);
	if (session == NULL)
		return PAM_BUF_ERR;
	session->pamh = pamh;
	session->silent = (flags & PAM_SILENT) != 0;
	session->connection.fd = -1;
	*opened = session;
	if (!options_parse(argc, argv, &session->options)) {
		pam_syslog(pamh, LOG_ERR, "refusing the options in the PAM stack: not UTF-8, or socket= is not absolute");
		return PAM_SERVICE_ERR;
	}
	if (with_user &&
	    (pam_get_user(pamh, &session->user, NULL) != PAM_SUCCESS || session->user == NULL || session->user[0] == '\0')) {
		pam_syslog(pamh, LOG_ERR, "there is no user name");
		return PAM_SERVICE_ERR;
	}
	return PAM_SUCCESS;
}

void session_close(struct session *session)
{
	if (session == NULL)
		return;
	hb_close(&session->connection);
	explicit_bzero(&session->kept, sizeof session->kept);
	explicit_bzero(&session->kept_old, sizeof session->kept_old);
	free(session);
}

static const struct pam_conv *conversation(struct session *session)
{
	const void *item = NULL;

	if (pam_get_item(session->pamh, PAM_CONV, &item) != PAM_SUCCESS)
		return NULL;
	const struct pam_conv *conv = item;
	return conv != NULL && conv->conv != NULL ? conv : NULL;
}

int session_can_converse(struct session *session)
{
	const void *item = NULL;
	int result = pam_get_item(session->pamh, PAM_CONV, &item);

	if (result != PAM_SUCCESS)
		return result;
	return conversation(session) == NULL ? PAM_BUF_ERR : PAM_SUCCESS;
}

/* One message, at most one response, which belongs to the caller. */
static char *converse(struct session *session, int style, const char *text)
{
	const struct pam_conv *conv = conversation(session);
	const struct pam_message message = { .msg_style = style, .msg = text };
	const struct pam_message *messages = &message;
	struct pam_response *response = NULL;
	char *answer = NULL;

	if (conv == NULL || conv->conv(1, &messages, &response, conv->appdata_ptr) != PAM_SUCCESS || response == NULL)
		return NULL;
	answer = response->resp;
	free(response);
	return answer;
}

static void erase(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	free(text);
}

static void show(void *self, uint8_t style, const char *text)
{
	((struct session *)self)->told_last = true;
	erase(converse(self, style == HB_WARN ? PAM_ERROR_MSG : PAM_TEXT_INFO, text));
}

/* The value chooses among the languages that there are, so su and sudo may take it from the user who runs them. */
static const char *locale(struct session *session)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *value = pam_getenv(session->pamh, names[i]);
		if (value == NULL || value[0] == '\0')
			value = getenv(names[i]);
		if (value != NULL && value[0] != '\0' && strlen(value) <= 64 &&
		    hb_utf8_valid((const uint8_t *)value, strlen(value)))
			return value;
	}
	return "";
}

/* A text of ours, in the language of the application. */
static void show_own(struct session *session, uint8_t style, const char *text)
{
	show(session, style, translation_of(text, locale(session)));
}

static enum hb_reply ask(void *self, uint8_t style, const char *text, uint8_t *answer, size_t *size)
{
	struct session *session = self;

	session->told_last = false;
	char *typed = converse(session, style == HB_ASK ? PAM_PROMPT_ECHO_ON : PAM_PROMPT_ECHO_OFF, text);
	enum hb_reply reply = HB_REPLY_NOTHING;

	if (typed != NULL && strlen(typed) <= HB_ANSWER_MAX) {
		*size = strlen(typed);
		memcpy(answer, typed, *size);
		reply = HB_REPLY_ANSWER;
	} else if (typed != NULL) {
		pam_syslog(session->pamh, LOG_ERR, "an answer of more than %u bytes was rejected", HB_ANSWER_MAX);
	}
	erase(typed);
	return reply;
}

static void keep(void *self, enum hb_keep what, const uint8_t *answer, size_t size)
{
	struct session *session = self;
	struct kept_secret *kept = what == HB_KEEP_OLD_AUTHTOK ? &session->kept_old : &session->kept;

	memcpy(kept->text, answer, size);
	memset(kept->text + size, 0, sizeof kept->text - size);
	kept->given = true;
}

static void set_environment(void *self, const char *text)
{
	struct session *session = self;

	/* Without a "=" pam_putenv would remove a variable. */
	if (text[0] != '=' && strchr(text, '=') != NULL)
		(void)pam_putenv(session->pamh, text);
}

int session_connect(struct session *session)
{
	int error = hb_connect(&session->connection, session->options.socket, session->buffer, sizeof session->buffer,
			       hb_now() + CONNECT_MS);

	if (error == EPERM)
		pam_syslog(session->pamh, LOG_ERR, "%s: a process other than himmelblaud listens there; nothing was sent",
			   session->options.socket);
	else if (error != 0 && session->options.debug)
		pam_syslog(session->pamh, LOG_DEBUG, "%s: %s", session->options.socket, strerror(error));
	return error;
}

static const char NOT_IN_TIME[] = "Himmelblau authentication service did not become available in time.";

void session_not_in_time(struct session *session)
{
	pam_syslog(session->pamh, LOG_ERR, "%s: himmelblaud does not respond", session->options.socket);
	if (!session->silent)
		show_own(session, HB_WARN, NOT_IN_TIME);
}

static const char NO_ROOM[] = "Too many sign-ins are under way on this host. Try again in a few minutes.";

void session_no_room(struct session *session)
{
	if (!session->silent)
		show_own(session, HB_WARN, NO_ROOM);
}

static const char NOT_CHECKED[] = "The sign-in service did not say whether this account may use this host.";

void session_not_checked(struct session *session)
{
	pam_syslog(session->pamh, LOG_ERR, "refusing '%s', an account of the directory: himmelblaud did not confirm that it may use this host",
		   session->user);
	if (!session->silent)
		show_own(session, HB_WARN, NOT_CHECKED);
}

/* Whether the daemon is about to listen: the unit runs, but no process listens yet. */
static bool is_starting(int error)
{
	struct stat mark;

	return (error == ENOENT || error == ECONNREFUSED) && lstat(HB_UNIT_MARK, &mark) == 0;
}

/* How long we have waited, and when the unit was last seen to run: in a restart it ends for a moment. */
struct waiting {
	int64_t begin;
	int64_t seen;
};

static bool waited_enough(struct waiting *waiting, int error, int64_t longest)
{
	int64_t now = hb_now();

	if (is_starting(error))
		waiting->seen = now;
	return now - waiting->begin >= longest || now - waiting->seen >= START_WAIT_MS;
}

int session_connect_waiting(struct session *session)
{
	int64_t now = hb_now();
	struct waiting waiting = { .begin = now, .seen = now };

	for (;;) {
		int error = session_connect(session);
		if (!hb_connect_may_pass(error) || waited_enough(&waiting, error, BOOT_WAIT_MS))
			return error;
		sleep_ms(START_ROUND_MS);
	}
}

bool session_connect_patiently(struct session *session)
{
	int64_t now = hb_now();
	struct waiting waiting = { .begin = now, .seen = now };
	bool told = false;

	for (;;) {
		int error = session_connect(session);
		if (error == 0)
			return true;
		const char *message = NULL;
		if (!hb_connect_may_pass(error))
			message = "Himmelblau authentication service is unavailable.";
		else if (waited_enough(&waiting, error, RESTART_WAIT_MS))
			message = NOT_IN_TIME;
		if (message != NULL) {
			pam_syslog(session->pamh, LOG_ERR, "%s: %s", session->options.socket, strerror(error));
			if (!session->silent)
				show_own(session, HB_WARN, message);
			return false;
		}
		if (!told && !session->silent)
			show_own(session, HB_SAY, "Himmelblau authentication is starting, please wait...");
		told = true;
		sleep_ms(START_ROUND_MS);
	}
}

static const char *text_item(struct session *session, int type)
{
	const void *item = NULL;

	if (pam_get_item(session->pamh, type, &item) != PAM_SUCCESS || item == NULL)
		return "";
	const char *text = item;
	size_t size = strnlen(text, 1025);
	/* Never dropped: an absent rhost would make a remote user a local one. */
	return size <= 1024 && hb_utf8_valid((const uint8_t *)text, size) ? text : "invalid";
}

/* Nothing that a log parser could take for more than a word: names are untrusted. */
static bool is_word(const char *text)
{
	const char *at = text;

	while ((unsigned char)*at > ' ' && *at != 0x7f)
		at++;
	return at != text && *at == '\0';
}

void session_log_refusal(struct session *session, int result)
{
	const char *host = text_item(session, PAM_RHOST);
	bool sshd_tells = result == PAM_AUTH_ERR && !session->told_last;

	if (sshd_tells || (result != PAM_AUTH_ERR && result != PAM_MAXTRIES))
		return;
	if (strncmp(text_item(session, PAM_SERVICE), "sshd", 4) == 0 && is_word(host))
		syslog(LOG_AUTHPRIV | LOG_NOTICE, "Authentication failure for %s from %s",
		       is_word(session->user) ? session->user : "?", host);
}

/* The user whose session this process belongs to, as the audit subsystem has it. */
static bool login_uid(uint32_t *uid)
{
	char line[16];
	FILE *file = fopen("/proc/self/loginuid", "re");
	bool read = file != NULL && fgets(line, sizeof line, file) != NULL && hb_number(line, uid) && *uid != UINT32_MAX;

	if (file != NULL)
		fclose(file);
	return read;
}

/*
 * Who called PAM. The real uid tells it for su; sudo changes that to root and says the user by PAM_RUSER. A remote login has no calling user on this host.
 */
static uint32_t caller(struct session *session)
{
	uid_t real = getuid();
	const char *user = text_item(session, PAM_RUSER);
	struct resolved resolved;
	uint32_t uid;

	if (real != 0 || text_item(session, PAM_RHOST)[0] != '\0')
		return (uint32_t)real;
	if (user[0] != '\0') {
		resolved = resolve(user);
		if (resolved.known)
			return (uint32_t)resolved.uid;
	}
	return login_uid(&uid) ? uid : 0;
}

size_t session_start(struct session *session, enum hb_op op, const char *authtok)
{
	const char *tty = text_item(session, PAM_TTY);
	bool greeter = tty[0] == ':' || text_item(session, PAM_XDISPLAY)[0] != '\0';
	const char *service = text_item(session, PAM_SERVICE);
	struct hb_start start = {
		.op = op,
		.user = session->user,
		.service = service,
		.tty = tty,
		.rhost = text_item(session, PAM_RHOST),
		.flags = options_flags(&session->options, session->silent),
		.capabilities = HB_CAN_SHOW_TEXT | HB_KEEPS_OLD | (greeter ? (uint32_t)HB_IS_GREETER : 0u),
		.locale = locale(session),
		.authtok = authtok,
		.authtok_size = authtok == NULL ? 0 : strlen(authtok),
		.caller = caller(session),
	};

	return hb_write_start(session->buffer, sizeof session->buffer, &start);
}

void session_converse(struct session *session, enum hb_op op, const char *authtok, struct hb_outcome *outcome)
{
	const struct hb_user user = {
		.self = session, .show = show, .ask = ask, .keep = keep, .set_environment = set_environment
	};
	size_t size = session_start(session, op, authtok);

	memset(outcome, 0, sizeof *outcome);
	if (size == 0) {
		/* A name that cannot be encoded is not the name of a directory user. */
		outcome->ended = true;
		outcome->code = PAM_IGNORE;
		return;
	}
	hb_converse(&session->connection, size, op, &user, outcome);
	if (outcome->no_room)
		pam_syslog(session->pamh, LOG_ERR, "himmelblaud is handling too many requests (op %d)", (int)op);
	else if (!outcome->ended)
		pam_syslog(session->pamh, LOG_ERR, "himmelblaud closed the connection or violated the protocol (op %d)", (int)op);
	else if (session->options.debug)
		pam_syslog(session->pamh, LOG_DEBUG, "op %d ended with %s", (int)op, hb_code_name(outcome->code));
}

static const char DISREGARD[] = "If you are now prompted for a password from pam_unix, please disregard the prompt, go back and try again.";

void session_banner(struct session *session, const char *code, const char *message)
{
	char text[1280]; /* two texts of 512 bytes (PAM_MAX_MSG_SIZE), and a code */

	if (session->silent)
		return;
	snprintf(text, sizeof text, "%s: %s\n%s", code, translation_of(message, locale(session)),
		 translation_of(DISREGARD, locale(session)));
	show(session, HB_SAY, text);
	sleep_ms(BANNER_MS);
}
