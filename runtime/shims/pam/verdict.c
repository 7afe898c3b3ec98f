#include "verdict.h"

#include <security/_pam_types.h>
#include <string.h>

int verdict_unknown(bool ignore_unknown_user)
{
	return ignore_unknown_user ? PAM_IGNORE : PAM_USER_UNKNOWN;
}

int verdict_authenticate(const struct hb_outcome *outcome, bool same, bool ours, bool ignore_unknown_user)
{
	if (!outcome->ended && !outcome->heard)
		return PAM_IGNORE;
	if (!outcome->ended)
		return ours || outcome->asked ? PAM_ABORT : PAM_IGNORE;
	switch (outcome->code) {
	case PAM_SUCCESS:
		return same ? PAM_SUCCESS : PAM_AUTH_ERR;
	case PAM_USER_UNKNOWN:
		return verdict_unknown(ignore_unknown_user);
	case PAM_SERVICE_ERR:
	case PAM_SYSTEM_ERR:
	case PAM_PERM_DENIED:
	case PAM_AUTH_ERR:
	case PAM_CRED_INSUFFICIENT:
	case PAM_AUTHINFO_UNAVAIL:
	case PAM_MAXTRIES:
	case PAM_ACCT_EXPIRED:
	case PAM_IGNORE:
	case PAM_ABORT:
		return (int)outcome->code;
	default:
		/* PAM_NEW_AUTHTOK_REQD, say, would let a user in: "sufficient" takes it for a success. */
		return PAM_ABORT;
	}
}

int verdict_account(const struct hb_outcome *outcome, bool ours, bool ignore_unknown_user)
{
	/* The packaged stacks make these two codes final, older ones only the first. */
	if (outcome->ended) {
		switch (outcome->code) {
		case PAM_SUCCESS:
			return PAM_SUCCESS;
		case PAM_ACCT_EXPIRED:
			return PAM_ACCT_EXPIRED;
		case PAM_AUTH_ERR:
		case PAM_PERM_DENIED:
		case PAM_MAXTRIES:
			return PAM_AUTH_ERR;
		default:
			break;
		}
	}
	if (ours)
		return PAM_AUTH_ERR;
	return outcome->ended && outcome->code == PAM_USER_UNKNOWN ? verdict_unknown(ignore_unknown_user) : PAM_IGNORE;
}

int verdict_session(const struct hb_outcome *outcome)
{
	return outcome->ended && outcome->code == PAM_SUCCESS ? PAM_SUCCESS : PAM_IGNORE;
}

int verdict_change_prelim(const struct hb_outcome *outcome)
{
	/* Success here keeps pam_unix from the second phase, so it is for the daemon's own users only. */
	if (!outcome->ended)
		return PAM_IGNORE;
	switch (outcome->code) {
	case PAM_SUCCESS:
	case PAM_AUTH_ERR:
	case PAM_ACCT_EXPIRED:
	case PAM_MAXTRIES:
		return PAM_SUCCESS;
	default:
		return PAM_IGNORE;
	}
}

int verdict_change(const struct hb_outcome *outcome)
{
	if (!outcome->ended)
		return PAM_AUTH_ERR;
	switch (outcome->code) {
	case PAM_SUCCESS:
	case PAM_PERM_DENIED:
	case PAM_CRED_INSUFFICIENT:
	case PAM_MAXTRIES:
	case PAM_AUTHTOK_ERR:
	case PAM_IGNORE:
	case PAM_ABORT:
		return (int)outcome->code;
	case PAM_USER_UNKNOWN:
		return PAM_IGNORE;
	default:
		return PAM_AUTH_ERR;
	}
}

static char folded(char letter)
{
	return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

static bool same_text(const char *a, const char *b)
{
	for (; *a != '\0' && folded(*a) == folded(*b); a++, b++)
		;
	return *a == '\0' && *b == '\0';
}

/* "user02" is "User02@example.org", "user02@a" is not "user02@b". */
static bool same_name(const char *a, const char *b)
{
	for (; *a != '\0' && *a != '@' && folded(*a) == folded(*b); a++, b++)
		;
	bool a_ends = *a == '\0' || *a == '@';
	bool b_ends = *b == '\0' || *b == '@';
	if (!a_ends || !b_ends)
		return false;
	return *a == '\0' || *b == '\0' || same_text(a, b);
}

bool same_account(const char *started, struct resolved started_as, const char *ended, struct resolved ended_as)
{
	if (ended[0] == '\0')
		return false;
	if (started_as.known && ended_as.known)
		return started_as.uid == ended_as.uid;
	/* Known to the host, but not by us: an account of another name service, whose name says nothing. */
	if (started_as.known)
		return false;
	return same_name(started, ended);
}
