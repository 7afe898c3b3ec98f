/* An account as the host's name services show it. */
#ifndef HB_PAM_RESOLVE_H
#define HB_PAM_RESOLVE_H

#include "verdict.h"

struct resolved resolve(const char *name);

#endif
