/* What the daemon says, as a window can show it, and the pages it names. */
#ifndef HB_BROKER_TEXT_H
#define HB_BROKER_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Appends text to shown, a line of its own, without the marks for greeters ("[FIDO_TOUCH] ") and without lines of block characters
 * (a QR code). What does not fit is left out, whole lines first.
 */
void text_append(char *shown, size_t capacity, const char *text);

/* The first https URL of text that is a page of the sign-in service or for entering a device code; false when there is none or it does not fit. */
bool text_page(const char *text, char *url, size_t capacity);

#endif
