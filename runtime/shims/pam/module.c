/* The six entry points. What they decide is in verdict.c, what users read comes from the daemon. */
#define PAM_SM_AUTH
#define PAM_SM_ACCOUNT
#define PAM_SM_SESSION
#define PAM_SM_PASSWORD

#include <errno.h>
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <string.h>
#include <syslog.h>

#include "resolve.h"
#include "session.h"
#include "shown.h"
#include "verdict.h"
#include "whose.h"

#define EXPORT __attribute__((visibility("default")))

enum { UNSEAL_MS = 2000 };

/* As the daemon itself shows the account: another name service may have a different account of that name. */
static struct resolved resolve_ours(const char *name)
{
	struct resolved resolved = { .known = false };

	resolved.known = shown_uid(name, &resolved.uid);
	return resolved.known ? resolved : resolve(name);
}

static bool is_same_account(const char *started, const char *ended)
{
	return same_account(started, resolve(started), ended, resolve_ours(ended));
}

/* The caller does not wait for the answer. */
static void unseal(struct session *session, const char *authtok)
{
	size_t size = session_start(session, HB_OP_UNSEAL, authtok);
	if (size > 0 && session_connect(session) == 0)
		(void)hb_send(&session->connection, session->buffer, size, hb_now() + UNSEAL_MS);
	explicit_bzero(session->buffer, size);
}

/*
 * From here on the account has the name that the host shows, whatever form was typed: modules that follow
 * compare names. Not in sshd, which keeps the initial name and treats a changed one as an attack (since 10.0).
 */
static int settle_user(struct session *session, const char *account)
{
	const void *service = NULL;
	const void *user = NULL;

	if (strcmp(session->user, account) == 0)
		return PAM_SUCCESS;
	if (pam_get_item(session->pamh, PAM_SERVICE, &service) != PAM_SUCCESS || service == NULL ||
	    strncmp(service, "sshd", 4) == 0)
		return PAM_SUCCESS;
	int result = pam_set_item(session->pamh, PAM_USER, account);
	/* The old text belonged to PAM. */
	session->user = pam_get_item(session->pamh, PAM_USER, &user) == PAM_SUCCESS ? user : NULL;
	return result;
}

static const char STUCK[] = "himmelblau_stuck";
static const char CHANGES[] = "himmelblau_changes";
static const char SIGNED_IN[] = "himmelblau_signed_in";

/* For the calls that follow in the same transaction. */
static void remember(struct session *session, const char *what, bool happened)
{
	static char mark;

	(void)pam_set_data(session->pamh, what, happened ? &mark : NULL, NULL);
}

static bool remembered(struct session *session, const char *what)
{
	const void *mark = NULL;

	return pam_get_data(session->pamh, what, &mark) == PAM_SUCCESS && mark != NULL;
}

static bool is_local(const struct session *session)
{
	return whose_by_files(session->user) == WHOSE_LOCAL;
}

static bool is_ours(const struct session *session)
{
	return whose(session->user) == WHOSE_DIRECTORY;
}

/* What a user reads where the daemon did not end the conversation. */
static void explain_silence(struct session *session, const struct hb_outcome *outcome, int result)
{
	if (outcome->no_room)
		session_no_room(session);
	else if (outcome->stuck)
		session_not_in_time(session);
	else if (result != PAM_IGNORE)
		session_banner(session, "PAM_SYSTEM_ERR", "Unexpected error occurred.");
}

/* For modules that follow: they open a keyring with it, or give the keyring a new password. */
static int pass_on(struct session *session, int item, const struct kept_secret *kept)
{
	return session->options.set_authtok && kept->given ? pam_set_item(session->pamh, item, kept->text) : PAM_SUCCESS;
}

static int authenticate(struct session *session)
{
	const void *authtok = NULL;
	int result = pam_get_item(session->pamh, PAM_AUTHTOK, &authtok);

	if (session->options.try_unseal) {
		/* What we have accepted ourselves has opened everything already, or is a password and not the PIN. */
		if (result == PAM_SUCCESS && authtok != NULL && !remembered(session, SIGNED_IN))
			unseal(session, authtok);
		return PAM_IGNORE;
	}
	if (result != PAM_SUCCESS)
		return result;
	if (session->options.use_first_pass && authtok == NULL)
		return PAM_AUTH_ERR;
	result = session_can_converse(session);
	if (result != PAM_SUCCESS)
		return result;
	if (!session_connect_patiently(session))
		return PAM_IGNORE;

	struct hb_outcome outcome;
	session_converse(session, HB_OP_AUTHENTICATE, authtok, &outcome);
	/* Equivalent to no daemon, also for the calls that follow. */
	if (outcome.stuck)
		remember(session, STUCK, true);
	bool same = outcome.ended && outcome.code == PAM_SUCCESS && is_same_account(session->user, outcome.account);
	if (outcome.ended && outcome.code == PAM_SUCCESS && !same)
		pam_syslog(session->pamh, LOG_ERR, "the account that signed in is not the requested account");
	result = verdict_authenticate(&outcome, same, !outcome.ended && is_ours(session),
				      session->options.ignore_unknown_user);
	if (!outcome.ended)
		explain_silence(session, &outcome, result);
	else if (outcome.asked)
		session_log_refusal(session, result);
	if (result == PAM_SUCCESS) {
		remember(session, SIGNED_IN, true);
		result = pass_on(session, PAM_AUTHTOK, &session->kept);
	}
	if (result == PAM_SUCCESS)
		result = settle_user(session, outcome.account);
	return result;
}

EXPORT int pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct session *session;
	int result = session_open(&session, pamh, flags, argc, argv, true);

	if (result == PAM_SUCCESS)
		result = is_local(session) ? verdict_unknown(session->options.ignore_unknown_user) : authenticate(session);
	session_close(session);
	return result;
}

EXPORT int pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct session *session;
	int result = session_open(&session, pamh, flags, argc, argv, false);

	session_close(session);
	return result;
}

/*
 * One operation; an outcome that has not ended when there is no daemon, or when it was stuck a moment ago: one sign-in waits
 * for it once. wait: a daemon that is starting is waited for.
 */
static int one_operation(struct session *session, enum hb_op op, bool wait, struct hb_outcome *outcome)
{
	memset(outcome, 0, sizeof *outcome);
	if (remembered(session, STUCK))
		return ETIMEDOUT;
	int error = wait ? session_connect_waiting(session) : session_connect(session);
	if (error == 0)
		session_converse(session, op, NULL, outcome);
	if (outcome->stuck)
		remember(session, STUCK, true);
	return error;
}

/* Waits for a daemon that is starting: without its approval no directory user gets in. */
static int account(struct session *session)
{
	struct hb_outcome outcome;
	bool ours = is_ours(session);

	(void)one_operation(session, HB_OP_ACCOUNT, ours, &outcome);
	int result = verdict_account(&outcome, ours, session->options.ignore_unknown_user);
	if (ours && result == PAM_AUTH_ERR && (!outcome.ended || outcome.code == PAM_SYSTEM_ERR))
		session_not_checked(session);
	return result;
}

EXPORT int pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct session *session;
	int result = session_open(&session, pamh, flags, argc, argv, true);

	if (result == PAM_SUCCESS)
		result = is_local(session) ? verdict_unknown(session->options.ignore_unknown_user) : account(session);
	session_close(session);
	return result;
}

EXPORT int pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct session *session;
	struct hb_outcome outcome;
	int result = session_open(&session, pamh, flags, argc, argv, true);

	if (result == PAM_SUCCESS && is_local(session)) {
		result = PAM_IGNORE;
	} else if (result == PAM_SUCCESS) {
		/* A session that begins without the daemon lacks its home, local groups and subordinate ids. */
		(void)one_operation(session, HB_OP_OPEN_SESSION, is_ours(session), &outcome);
		result = verdict_session(&outcome);
	}
	session_close(session);
	return result;
}

EXPORT int pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct session *session;
	struct hb_outcome outcome;
	int result = session_open(&session, pamh, flags, argc, argv, false);

	if (result == PAM_SUCCESS && pam_get_user(pamh, &session->user, NULL) == PAM_SUCCESS && session->user != NULL &&
	    !is_local(session))
		(void)one_operation(session, HB_OP_CLOSE_SESSION, false, &outcome);
	session_close(session);
	return result;
}

static int change_prelim(struct session *session)
{
	struct hb_outcome outcome;
	int result = PAM_IGNORE;

	if (!is_local(session)) {
		(void)one_operation(session, HB_OP_ACCOUNT, is_ours(session), &outcome);
		result = verdict_change_prelim(&outcome);
	}
	remember(session, CHANGES, result == PAM_SUCCESS);
	return result;
}

static int change(struct session *session)
{
	struct hb_outcome outcome;
	int result = is_local(session) ? PAM_IGNORE : session_can_converse(session);

	if (result != PAM_SUCCESS)
		return result;
	if (one_operation(session, HB_OP_CHANGE_PIN, is_ours(session), &outcome) != 0)
		return PAM_IGNORE;
	if (outcome.no_room)
		session_no_room(session);
	else if (!outcome.ended)
		session_banner(session, "PAM_SYSTEM_ERR", "Unexpected error occurred.");
	result = verdict_change(&outcome);
	if (result == PAM_SUCCESS)
		result = pass_on(session, PAM_OLDAUTHTOK, &session->kept_old);
	if (result == PAM_SUCCESS)
		result = pass_on(session, PAM_AUTHTOK, &session->kept);
	return result;
}

/*
 * pam_unix with use_authtok counts on a module before it that has asked for the new password. Where we are the first, that is
 * us, also for users who are not of the directory.
 */
static int collect(struct session *session)
{
	const char *authtok = NULL;
	int result = pam_get_authtok(session->pamh, PAM_AUTHTOK, &authtok, NULL);

	return result == PAM_SUCCESS ? PAM_IGNORE : result;
}

static int change_phase(struct session *session, int flags)
{
	if ((flags & PAM_PRELIM_CHECK) != 0)
		return change_prelim(session);
	if ((flags & PAM_UPDATE_AUTHTOK) == 0)
		return PAM_SERVICE_ERR;
	int result = change(session);
	if (result != PAM_IGNORE)
		return result;
	/* The first phase has decided the way through the stack: no module after us would change anything. */
	if (remembered(session, CHANGES))
		return PAM_AUTHTOK_ERR;
	return session->options.collect_authtok ? collect(session) : PAM_IGNORE;
}

EXPORT int pam_sm_chauthtok(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct session *session;
	int result = session_open(&session, pamh, flags, argc, argv, true);

	if (result == PAM_SUCCESS)
		result = change_phase(session, flags);
	session_close(session);
	return result;
}
