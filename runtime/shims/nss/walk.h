/* A walk over all records of the map, for enumeration: on files of its own, which stay those it began with. */
#ifndef HB_NSS_WALK_H
#define HB_NSS_WALK_H

#include "map.h"

struct hb_walk;

/* NULL: no map. */
struct hb_walk *hb_walk_begin(void);
void hb_walk_end(struct hb_walk *walk);

/* The next user or group that counts: HB_FOUND, HB_NONE at the end, or a failure. hb_walk_again gives the same one once more. */
enum hb_result hb_walk_user(struct hb_walk *walk, struct hb_user *user);
enum hb_result hb_walk_group(struct hb_walk *walk, struct hb_group *group);
void hb_walk_again(struct hb_walk *walk);
void hb_walk_restart(struct hb_walk *walk);

#endif
