/* acquireTokenInteractively: the token without asking when that suffices, else after a sign-in. */
#ifndef HB_BROKER_INTERACTIVE_H
#define HB_BROKER_INTERACTIVE_H

#include "call.h"
#include "daemon.h"

/* Sets the call's reply or failure. Of several calls at once, one asks the user and the others wait for it. */
void interactive_run(const struct sockets *sockets, struct call *call);

#endif
