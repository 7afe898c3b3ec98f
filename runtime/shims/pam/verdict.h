/* The result for PAM, given the answer of the daemon. Pure functions: every row of the tables is a test. */
#ifndef HB_PAM_VERDICT_H
#define HB_PAM_VERDICT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "dialogue.h"

/* Not a directory user: PAM_IGNORE, or PAM_USER_UNKNOWN if the options of the stack request it. */
int verdict_unknown(bool ignore_unknown_user);
/*
 * same_account: who signed in is who was asked for (see same_account below). ours: an account of the directory. A daemon that
 * said nothing yet leaves everybody to the modules after us; one that fell silent later, only those who are not ours and were
 * asked nothing.
 */
int verdict_authenticate(const struct hb_outcome *outcome, bool same_account, bool ours, bool ignore_unknown_user);
/* ours: only an approval by the daemon counts. */
int verdict_account(const struct hb_outcome *outcome, bool ours, bool ignore_unknown_user);
int verdict_session(const struct hb_outcome *outcome);
/* The preliminary check asks for account management: is this one of the daemon's users at all? */
int verdict_change_prelim(const struct hb_outcome *outcome);
int verdict_change(const struct hb_outcome *outcome);

/* An account as the name service shows it. */
struct resolved {
	bool known;
	uid_t uid;
};

/*
 * Two known names are the same when their uids are. A name that cannot be looked up (a first sign-in, a name service that is not
 * set up) is the same when it differs in letter case only, or lacks the other's '@domain'; but where the host knows who was asked
 * for, it has to know who signed in, too.
 */
bool same_account(const char *started, struct resolved started_as, const char *ended, struct resolved ended_as);

#endif
