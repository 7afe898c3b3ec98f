/* The options of pam_himmelblau.so in a PAM stack. */
#ifndef HB_PAM_OPTIONS_H
#define HB_PAM_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct options {
	bool debug;
	bool ignore_unknown_user;
	bool use_first_pass;
	bool mfa_poll_prompt;
	bool no_hello_pin;
	bool no_info_prompt;
	bool set_authtok;
	bool collect_authtok;
	bool try_unseal;
	const char *socket;
};

/* Unknown options are ignored. False when an option is not UTF-8, or a socket path is relative. */
bool options_parse(int argc, const char **argv, struct options *options);

/* The flags of START. */
uint32_t options_flags(const struct options *options, bool silent);

#endif
