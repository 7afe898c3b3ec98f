/* Decimal numbers in text. strtoul and scanf have names of their own in C libraries since 2.38, which older ones lack. */
#ifndef HB_NUMBER_H
#define HB_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* The number that text begins with; false, and value untouched, when it begins with no digit or the number needs more than 32 bits. */
bool hb_number(const char *text, uint32_t *value);

#endif
