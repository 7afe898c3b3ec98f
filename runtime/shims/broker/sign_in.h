/* A sign-in of this process's user, shown in windows of pinentry. */
#ifndef HB_BROKER_SIGN_IN_H
#define HB_BROKER_SIGN_IN_H

#include <stdbool.h>

#include "call.h"
#include "daemon.h"

/* False, with the call's failure, unless the user signed in. Blocks as long as the user takes; ends when the call is cancelled. */
bool sign_in(const struct sockets *sockets, struct call *call);

#endif
