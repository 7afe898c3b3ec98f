/* What is turned away before the map or the daemon is asked. */
#ifndef HB_NSS_NAMES_H
#define HB_NSS_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HB_KEY_MAX 255u

/* In himmelblaud's own start-up systemd asks for users: answering then would wait for ourselves. */
bool hb_inside_own_unit(void);

/*
 * The lookup key of a user's name: ASCII letters in lower case, the rest as it is (the daemon folds what is beyond ASCII).
 * 0 when no directory user can have the name; else its length.
 */
size_t hb_user_key(const char *name, char key[HB_KEY_MAX + 1]);

/* Ids that belong to the host: system accounts, systemd's and nobody's. */
bool hb_id_reserved(uint32_t id);

/* Eight-four-four-four-twelve hexadecimal digits, either case. */
bool hb_parse_object_id(const char *text, uint8_t object[16]);

#endif
