/* The few things that an interactive call needs to know of a request and a reply; all else passes unread. */
#ifndef HB_BROKER_JSON_H
#define HB_BROKER_JSON_H

#include <stdbool.h>

/* Whether the request asks for the user whatever is known already: prompt is login or select_account, or a claims challenge. */
bool json_demands_sign_in(const char *request);

/* Whether the reply is an error that a sign-in may mend: nobody has signed in, or the directory refused. */
bool json_needs_sign_in(const char *reply);

#endif
