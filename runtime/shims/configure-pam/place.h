/* Where a line of ours goes in a PAM stack, and what those around it mean for it. */
#ifndef HB_PAM_PLACE_H
#define HB_PAM_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "line.h"

#define OUR_MODULE "pam_himmelblau.so"

/* The lines between which pam-auth-update writes. */
#define MANAGED_BEGIN "# here are the per-package modules (the \"Primary\" block)"
#define MANAGED_END "# end of pam-auth-update config"

/*
 * The index of the line before which a line of ours goes; the number of lines for the end. decides: it is the line that accepts a user, and goes before what would do so otherwise.
 */
size_t place_of(const struct lines *lines, enum stack stack, bool decides);

/* The first line with a jump over the line at index at; at when there is none. */
size_t jump_across(const struct lines *lines, enum stack stack, size_t at);

/* Whether a module from this index on expects a new password that another one has asked for. */
bool must_collect(const struct lines *lines, size_t from);

/* Whether an account that is refused stays outside; pam.conf(5): a control without default denies. */
bool control_denies(struct span control);

#endif
