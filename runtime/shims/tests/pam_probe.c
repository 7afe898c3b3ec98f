/*
 * A neighbour of pam_himmelblau.so in the stacks of the tests: sets PAM_AUTHTOK (set=X), tells what it is (show) and what
 * PAM_OLDAUTHTOK is (show-old), says that it was reached (reached), and answers as it is told (return=N).
 */
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int run(pam_handle_t *pamh, int argc, const char **argv)
{
	int result = PAM_SUCCESS;
	const void *authtok = NULL;

	for (int i = 0; i < argc; i++) {
		if (strncmp(argv[i], "set=", 4) == 0)
			pam_set_item(pamh, PAM_AUTHTOK, argv[i] + 4);
		if (strcmp(argv[i], "show") == 0 && pam_get_item(pamh, PAM_AUTHTOK, &authtok) == PAM_SUCCESS)
			pam_info(pamh, "authtok=%s", authtok == NULL ? "(none)" : (const char *)authtok);
		if (strcmp(argv[i], "show-old") == 0 && pam_get_item(pamh, PAM_OLDAUTHTOK, &authtok) == PAM_SUCCESS)
			pam_info(pamh, "oldauthtok=%s", authtok == NULL ? "(none)" : (const char *)authtok);
		if (strcmp(argv[i], "reached") == 0)
			pam_info(pamh, "reached");
		if (strncmp(argv[i], "return=", 7) == 0)
			result = atoi(argv[i] + 7);
	}
	return result;
}

#define HOOK(name)                                                                 \
	__attribute__((visibility("default"))) int name(pam_handle_t *pamh, int flags, int argc, const char **argv) \
	{                                                                          \
		(void)flags;                                                       \
		return run(pamh, argc, argv);                                      \
	}

HOOK(pam_sm_authenticate)
HOOK(pam_sm_setcred)
HOOK(pam_sm_acct_mgmt)
HOOK(pam_sm_open_session)
HOOK(pam_sm_close_session)
HOOK(pam_sm_chauthtok)
