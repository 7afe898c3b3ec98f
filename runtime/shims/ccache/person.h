/* Becoming a user, once and for all. */
#ifndef HB_CCACHE_PERSON_H
#define HB_CCACHE_PERSON_H

#include <sys/types.h>

/* A user or group id that may be used here: decimal, neither root nor "unchanged". 0 if `text` is none. */
unsigned int person_id(const char *text);

/* Gives up every right but those of that user, with no further groups. Nonzero when that is done. */
int person_become(uid_t uid, gid_t gid);

#endif
