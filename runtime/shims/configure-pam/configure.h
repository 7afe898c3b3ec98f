/* "aad-tool configure-pam": works on this host's files, without the daemon (decision 0650). */
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
