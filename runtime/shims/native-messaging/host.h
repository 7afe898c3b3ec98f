/* Carries the commands of one browser to the broker on the session bus, and its replies back in the order of the commands. */
#ifndef HB_NATIVE_HOST_H
#define HB_NATIVE_HOST_H

/* Until the browser closes in, which is EXIT_SUCCESS. */
int host_run(int in, int out);

#endif
