/*
 * Stands for modules of other distributions in the tests of configure-pam: knows no account, and asks for a new password as
 * pam_pwquality does.
 */
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <stddef.h>

#define HOOK(name) __attribute__((visibility("default"))) int name(pam_handle_t *pamh, int flags, int argc, const char **argv)
#define KNOWS_NOBODY(name)     \
	HOOK(name)             \
	{                      \
		(void)pamh;    \
		(void)flags;   \
		(void)argc;    \
		(void)argv;    \
		return PAM_USER_UNKNOWN; \
	}

KNOWS_NOBODY(pam_sm_authenticate)
KNOWS_NOBODY(pam_sm_setcred)
KNOWS_NOBODY(pam_sm_acct_mgmt)

HOOK(pam_sm_open_session)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_SUCCESS;
}

HOOK(pam_sm_close_session)
{
	return pam_sm_open_session(pamh, flags, argc, argv);
}

HOOK(pam_sm_chauthtok)
{
	const char *authtok = NULL;

	(void)argc;
	(void)argv;
	return (flags & PAM_PRELIM_CHECK) != 0 ? PAM_SUCCESS : pam_get_authtok(pamh, PAM_AUTHTOK, &authtok, NULL);
}
