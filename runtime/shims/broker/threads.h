/* The threads on which calls wait for the daemon, so that the main thread, which answers the bus, never waits. */
#ifndef HB_BROKER_THREADS_H
#define HB_BROKER_THREADS_H

#include <stdbool.h>

#include "call.h"

/* Runs on a thread; sets the call's reply or failure. */
typedef void (*threads_run)(struct call *call);

/* An eventfd that is readable when calls are done, or -1. */
int threads_open(threads_run run);

/* False: there are too many calls already, or no thread could be made; the call stays the caller's. */
bool threads_start(struct call *call);

/* A call that is done, or NULL. */
struct call *threads_done(void);

/* Whether no thread runs. */
bool threads_idle(void);

#endif
