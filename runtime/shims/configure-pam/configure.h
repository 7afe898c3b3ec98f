/* "aad-tool configure-pam": works on this host's files, without the daemon. docs/decisions/0650 says why it is here. */
#ifndef HB_CONFIGURE_PAM_H
#define HB_CONFIGURE_PAM_H

/* Absolute paths. */
struct places {
	const char *pam_folder;
	/* Programs that write PAM files themselves. */
	const char *pam_config;
	const char *pam_auth_update;
};

/* The words after "configure-pam"; the exit code. */
int configure_pam(int count, char **words, const struct places *places);

#endif
