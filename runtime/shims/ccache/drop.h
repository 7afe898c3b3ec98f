/* Removes the caches that carry our mark. */
#ifndef HB_CCACHE_DROP_H
#define HB_CCACHE_DROP_H

#include "library.h"

/* Returns an exit code. */
int drop(const struct library *library, krb5_context context);

#endif
