/* Lookups in one map file, before base and delta are put together. */
#ifndef HB_MAP_RECORD_H
#define HB_MAP_RECORD_H

#include "map_file.h"

/* HB_FOUND (the record may be marked removed), HB_NONE (a negative that counts), HB_MISS or a failure. */
enum hb_result hb_map_name(struct hb_read *read, const char *key, size_t length, struct hb_user *user);
enum hb_result hb_map_uid(struct hb_read *read, uint32_t uid, struct hb_user *user);
enum hb_result hb_map_gid(struct hb_read *read, uint32_t gid, struct hb_group *group);
enum hb_result hb_map_object(struct hb_read *read, const uint8_t object[HB_OBJECT_ID], struct hb_group *group);

/* Parses the record at an offset; HB_DAMAGED when it is of another kind or does not hold together. */
enum hb_result hb_user_at(struct hb_read *read, uint64_t at, struct hb_user *user);
enum hb_result hb_group_at(struct hb_read *read, uint64_t at, struct hb_group *group);

#endif
