/* Puts answers into the caller's structures and buffer. The size needed is known before anything is written. */
#ifndef HB_NSS_FILL_H
#define HB_NSS_FILL_H

#include <grp.h>
#include <pwd.h>
#include <shadow.h>

#include "map.h"

/* From the map: HB_FOUND, HB_TOO_SMALL or a failure of the map. */
enum hb_result hb_fill_passwd(struct hb_user *user, struct passwd *to, char *buffer, size_t size);
enum hb_result hb_fill_shadow(struct hb_user *user, struct spwd *to, char *buffer, size_t size);
enum hb_result hb_fill_group(struct hb_group *group, struct group *to, char *buffer, size_t size);
/* The group of one's own: the user's name, gid = uid, one member. */
enum hb_result hb_fill_private_group(struct hb_user *user, struct group *to, char *buffer, size_t size);

/* From texts: HB_FOUND or HB_TOO_SMALL. */
struct hb_texts {
	const char *name, *gecos, *directory, *shell;
};
enum hb_result hb_put_passwd(const struct hb_texts *texts, uint32_t uid, uint32_t gid, struct passwd *to, char *buffer, size_t size);
enum hb_result hb_put_shadow(const char *name, struct spwd *to, char *buffer, size_t size);
/* `members`: `count` NUL-terminated texts one after the other, `bytes` together. */
enum hb_result hb_put_group(const char *name, uint32_t gid, const char *members, uint32_t count, size_t bytes, struct group *to,
	char *buffer, size_t size);

#endif
