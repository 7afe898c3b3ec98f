/* One call of a service function: what PAM knows, the user behind its conversation function, and our connection. */
#ifndef HB_PAM_SESSION_H
#define HB_PAM_SESSION_H

#include <security/pam_modules.h>
#include <stdbool.h>
#include <stdint.h>

#include "dialogue.h"
#include "options.h"

/* What the user typed and modules after this one may use; the last answer of its kind wins. */
struct kept_secret {
	bool given;
	char text[HB_ANSWER_MAX + 1];
};

struct session {
	pam_handle_t *pamh;
	struct options options;
	bool silent;
	const char *user;
	struct hb_connection connection;
	/* Whether something was shown that no question followed. */
	bool told_last;
	struct kept_secret kept;
	struct kept_secret kept_old;
	uint8_t buffer[HB_FRAME_BUFFER];
};

/* PAM_SUCCESS, or what the service function returns at once. with_user: the account's name is needed. */
int session_open(struct session **session, pam_handle_t *pamh, int flags, int argc, const char **argv, bool with_user);
/* Erases what was secret. */
void session_close(struct session *session);

/* A single try; 0 or an errno value. */
int session_connect(struct session *session);
/* Waits for a daemon that is starting (decision 0702), and tells the user. */
bool session_connect_patiently(struct session *session);

/* The same without a message, and longer; 0 or an errno value. */
int session_connect_waiting(struct session *session);

/* Shows that the daemon did not become available in time. */
void session_not_in_time(struct session *session);
/* Shows that the daemon is already handling too many sign-ins. */
void session_no_room(struct session *session);
/* Shows and logs that a directory account is refused because the daemon did not approve it. */
void session_not_checked(struct session *session);

/*
 * Logs for sshd what sshd itself does not log: that a user answered and was refused. It names a failure only when
 * nothing was shown last and the code is PAM_AUTH_ERR, and what blocks addresses (fail2ban) counts those lines.
 */
void session_log_refusal(struct session *session, int result);

/* Whether there is a conversation function: PAM_SUCCESS, or PAM's error. */
int session_can_converse(struct session *session);

/* Writes START into the buffer; 0 when it cannot be said (a name that is not UTF-8 or far too long). */
size_t session_start(struct session *session, enum hb_op op, const char *authtok);

/* The whole conversation of one operation; an outcome that has not ended when it could not be started. */
void session_converse(struct session *session, enum hb_op op, const char *authtok, struct hb_outcome *outcome);

/* "{code}: {message}" and the hint about pam_unix, then time to read them. */
void session_banner(struct session *session, const char *code, const char *message);

#endif
