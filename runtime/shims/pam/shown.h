/* What the lookup map contains about an account, bypassing the host's name services. */
#ifndef HB_PAM_SHOWN_H
#define HB_PAM_SHOWN_H

#include <stdbool.h>
#include <sys/types.h>

/* Written by the daemon beside the map: the local accounts that its user map names, one on each line. */
extern const char SHOWN_LOCAL_NAMES[];

/* False: the map does not have the name, or there is no map. */
bool shown_uid(const char *name, uid_t *uid);

/* Whether an account of the map has that uid. True as well when the map is there and damaged: then the answer is unknown. */
bool shown_has_uid(uid_t uid);

#endif
