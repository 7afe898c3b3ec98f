/* What the look-up map says of an account, past the host's name services. */
#ifndef HB_PAM_SHOWN_H
#define HB_PAM_SHOWN_H

#include <stdbool.h>
#include <sys/types.h>

/* False: the map does not have the name, or there is no map. */
bool shown_uid(const char *name, uid_t *uid);

#endif
