/* Takes a credential cache from standard input into the user's own. */
#ifndef HB_CCACHE_KEEP_H
#define HB_CCACHE_KEEP_H

#include "library.h"

/* primary: whether it becomes the cache that programs use first. Returns an exit code. */
int keep(const struct library *library, krb5_context context, int primary);

#endif
