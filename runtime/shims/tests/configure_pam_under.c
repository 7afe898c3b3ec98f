/* configure_pam_under ROOT [OPTION]...: "aad-tool configure-pam" for a tree that is not this host's. */
#include <limits.h>
#include <stdio.h>

#include "configure.h"

int main(int argc, char **argv)
{
	static char folder[PATH_MAX];
	static char pam_config[PATH_MAX];
	static char pam_auth_update[PATH_MAX];

	if (argc < 2)
		return 2;
	snprintf(folder, sizeof folder, "%s/etc/pam.d", argv[1]);
	snprintf(pam_config, sizeof pam_config, "%s/usr/sbin/pam-config", argv[1]);
	snprintf(pam_auth_update, sizeof pam_auth_update, "%s/usr/sbin/pam-auth-update", argv[1]);
	const struct places places = {
		.pam_folder = folder, .pam_config = pam_config, .pam_auth_update = pam_auth_update,
	};
	return configure_pam(argc - 2, argv + 2, &places);
}
