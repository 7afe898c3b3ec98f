/* The return codes of the PAM module, row by row; its options; and who counts as the same account. */
#include <security/_pam_types.h>
#include <stdio.h>

#include "options.h"
#include "protocol.h"
#include "verdict.h"

enum { GONE = -1 };

static int failures;

static void expect(const char *what, int row, int got, int wanted)
{
	if (got == wanted)
		return;
	fprintf(stderr, "%s, row %d: %d instead of %d\n", what, row, got, wanted);
	failures++;
}

static struct hb_outcome outcome(int code)
{
	return (struct hb_outcome){ .ended = code != GONE, .heard = true, .code = (uint32_t)code };
}

static void authenticate(void)
{
	static const struct {
		int code;
		bool same, ignore;
		int result;
	} rows[] = {
		{ PAM_SUCCESS, true, false, PAM_SUCCESS },
		{ PAM_SUCCESS, false, false, PAM_AUTH_ERR },
		{ PAM_SUCCESS, false, true, PAM_AUTH_ERR },
		{ PAM_USER_UNKNOWN, false, false, PAM_USER_UNKNOWN },
		{ PAM_USER_UNKNOWN, false, true, PAM_IGNORE },
		{ PAM_IGNORE, false, false, PAM_IGNORE },
		{ PAM_ABORT, false, true, PAM_ABORT },
		{ PAM_AUTH_ERR, false, true, PAM_AUTH_ERR },
		{ PAM_CRED_INSUFFICIENT, false, false, PAM_CRED_INSUFFICIENT },
		{ PAM_MAXTRIES, false, false, PAM_MAXTRIES },
		{ PAM_PERM_DENIED, false, false, PAM_PERM_DENIED },
		{ PAM_SYSTEM_ERR, false, false, PAM_SYSTEM_ERR },
		{ PAM_ACCT_EXPIRED, false, false, PAM_ACCT_EXPIRED },
		{ PAM_SERVICE_ERR, false, false, PAM_SERVICE_ERR },
		{ PAM_AUTHINFO_UNAVAIL, false, false, PAM_AUTHINFO_UNAVAIL },
		{ PAM_NEW_AUTHTOK_REQD, true, false, PAM_ABORT },
		{ PAM_INCOMPLETE, true, false, PAM_ABORT },
		{ 32, true, false, PAM_ABORT },
		{ 0x7fffffff, true, false, PAM_ABORT },
		{ GONE, true, true, PAM_IGNORE },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct hb_outcome said = outcome(rows[i].code);
		expect("authenticate", (int)i, verdict_authenticate(&said, rows[i].same, false, rows[i].ignore),
		       rows[i].result);
	}
}

/* A daemon that did not end the conversation. */
static void silence(void)
{
	static const struct {
		bool heard, asked, ours;
		int result;
	} rows[] = {
		{ false, false, false, PAM_IGNORE }, { false, false, true, PAM_IGNORE }, { true, false, false, PAM_IGNORE },
		{ true, false, true, PAM_ABORT },    { true, true, false, PAM_ABORT },   { true, true, true, PAM_ABORT },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct hb_outcome said = { .heard = rows[i].heard, .asked = rows[i].asked };
		expect("silence", (int)i, verdict_authenticate(&said, true, rows[i].ours, true), rows[i].result);
	}
}

/* For an account of the directory only the daemon's yes is a yes. */
static void account_of_ours(void)
{
	static const struct {
		int code, result;
	} rows[] = {
		{ PAM_SUCCESS, PAM_SUCCESS },	{ PAM_ACCT_EXPIRED, PAM_ACCT_EXPIRED }, { PAM_AUTH_ERR, PAM_AUTH_ERR },
		{ PAM_PERM_DENIED, PAM_AUTH_ERR }, { PAM_USER_UNKNOWN, PAM_AUTH_ERR },	{ PAM_IGNORE, PAM_AUTH_ERR },
		{ PAM_SYSTEM_ERR, PAM_AUTH_ERR }, { PAM_AUTHINFO_UNAVAIL, PAM_AUTH_ERR }, { PAM_ABORT, PAM_AUTH_ERR },
		{ PAM_NEW_AUTHTOK_REQD, PAM_AUTH_ERR }, { 99, PAM_AUTH_ERR }, { GONE, PAM_AUTH_ERR },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct hb_outcome said = outcome(rows[i].code);
		expect("account of ours", (int)i, verdict_account(&said, true, true), rows[i].result);
		expect("account of ours", (int)i, verdict_account(&said, true, false), rows[i].result);
	}
}

static void others(void)
{
	static const struct {
		int code, account, account_ignoring, session, prelim, change;
	} rows[] = {
		{ PAM_SUCCESS, PAM_SUCCESS, PAM_SUCCESS, PAM_SUCCESS, PAM_SUCCESS, PAM_SUCCESS },
		{ PAM_AUTH_ERR, PAM_AUTH_ERR, PAM_AUTH_ERR, PAM_IGNORE, PAM_SUCCESS, PAM_AUTH_ERR },
		{ PAM_ACCT_EXPIRED, PAM_ACCT_EXPIRED, PAM_ACCT_EXPIRED, PAM_IGNORE, PAM_SUCCESS, PAM_AUTH_ERR },
		{ PAM_PERM_DENIED, PAM_AUTH_ERR, PAM_AUTH_ERR, PAM_IGNORE, PAM_IGNORE, PAM_PERM_DENIED },
		{ PAM_MAXTRIES, PAM_AUTH_ERR, PAM_AUTH_ERR, PAM_IGNORE, PAM_SUCCESS, PAM_MAXTRIES },
		{ PAM_USER_UNKNOWN, PAM_USER_UNKNOWN, PAM_IGNORE, PAM_IGNORE, PAM_IGNORE, PAM_IGNORE },
		{ PAM_IGNORE, PAM_IGNORE, PAM_IGNORE, PAM_IGNORE, PAM_IGNORE, PAM_IGNORE },
		{ PAM_SYSTEM_ERR, PAM_IGNORE, PAM_IGNORE, PAM_IGNORE, PAM_IGNORE, PAM_AUTH_ERR },
		{ PAM_CRED_INSUFFICIENT, PAM_IGNORE, PAM_IGNORE, PAM_IGNORE, PAM_IGNORE, PAM_CRED_INSUFFICIENT },
		{ PAM_AUTHTOK_ERR, PAM_IGNORE, PAM_IGNORE, PAM_IGNORE, PAM_IGNORE, PAM_AUTHTOK_ERR },
		{ PAM_ABORT, PAM_IGNORE, PAM_IGNORE, PAM_IGNORE, PAM_IGNORE, PAM_ABORT },
		{ PAM_NEW_AUTHTOK_REQD, PAM_IGNORE, PAM_IGNORE, PAM_IGNORE, PAM_IGNORE, PAM_AUTH_ERR },
		{ 99, PAM_IGNORE, PAM_IGNORE, PAM_IGNORE, PAM_IGNORE, PAM_AUTH_ERR },
		{ GONE, PAM_IGNORE, PAM_IGNORE, PAM_IGNORE, PAM_IGNORE, PAM_AUTH_ERR },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct hb_outcome said = outcome(rows[i].code);
		expect("account", (int)i, verdict_account(&said, false, false), rows[i].account);
		expect("account, ignoring", (int)i, verdict_account(&said, false, true), rows[i].account_ignoring);
		expect("session", (int)i, verdict_session(&said), rows[i].session);
		expect("prelim", (int)i, verdict_change_prelim(&said), rows[i].prelim);
		expect("change", (int)i, verdict_change(&said), rows[i].change);
	}
}

static void accounts(void)
{
	static const struct resolved unknown = { .known = false }, a = { .known = true, .uid = 773235643 },
				     b = { .known = true, .uid = 773235644 };
	static const struct {
		const char *started;
		const struct resolved *started_as;
		const char *ended;
		const struct resolved *ended_as;
		bool same;
	} rows[] = {
		{ "user02", &a, "user02@example.org", &a, true },
		{ "anything", &a, "else", &a, true },
		{ "user02", &a, "user02", &b, false },
		{ "user02", &a, "user01", &unknown, false },
		{ "user02", &unknown, "user02", &unknown, true },
		{ "User02", &unknown, "user02", &a, true },
		{ "user02", &a, "user02@example.org", &unknown, false },
		{ "user02", &a, "USER02", &unknown, false },
		{ "user02@example.org", &unknown, "user02", &unknown, true },
		{ "user02@Example.org", &unknown, "USER02@example.org", &unknown, true },
		{ "user02@a.example", &unknown, "user02@b.example", &unknown, false },
		{ "user02@a", &unknown, "user02@a.example", &unknown, false },
		{ "user0", &unknown, "user02", &unknown, false },
		{ "user02", &unknown, "user0@2", &unknown, false },
		{ "user02", &unknown, "", &unknown, false },
		{ "user02", &a, "", &a, false },
		{ "j\xc3\xbcrgen", &unknown, "j\xc3\x9crgen", &unknown, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		expect("accounts", (int)i,
		       same_account(rows[i].started, *rows[i].started_as, rows[i].ended, *rows[i].ended_as), rows[i].same);
}

static void words(void)
{
	struct options options;
	const char *all[] = { "debug", "use_first_pass", "mfa_poll_prompt", "no_hello_pin", "no_info_prompt",
			      "keyring_authtok", "socket=/tmp/s", "nonsense", "Ignore_Unknown_User" };
	const char *unseal[] = { "try_unseal" };
	const char *latin1[] = { "set_authtok", "\xfc" };
	const char *relative[] = { "socket=s" };

	expect("words", 0, options_parse(9, all, &options), true);
	expect("words", 1, options.debug && options.use_first_pass && options.set_authtok && !options.ignore_unknown_user, 1);
	expect("words", 2, (int)options_flags(&options, true),
	       HB_FLAG_NO_HELLO_PIN | HB_FLAG_NO_INFO_PROMPT | HB_FLAG_MFA_POLL_PROMPT | HB_FLAG_SILENT);
	expect("words", 3, options_parse(1, unseal, &options), true);
	expect("words", 4, options.use_first_pass && options.ignore_unknown_user && options.try_unseal, 1);
	expect("words", 5, (int)options_flags(&options, false), HB_FLAG_IGNORE_UNKNOWN_USER);
	expect("words", 6, options_parse(2, latin1, &options), false);
	expect("words", 7, options_parse(1, relative, &options), false);
	expect("words", 8, options_parse(0, NULL, &options), true);
}

int main(void)
{
	authenticate();
	silence();
	account_of_ours();
	others();
	accounts();
	words();
	return failures > 0;
}
