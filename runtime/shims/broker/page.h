/* Pages that a sign-in names, in the user's browser. */
#ifndef HB_BROKER_PAGE_H
#define HB_BROKER_PAGE_H

#include <stdbool.h>

/* Starts xdg-open with the URL and does not wait for it; false when that is not possible. */
bool page_open(const char *url);

#endif
