/*
 * The lookup map, read side. One include for the shims.
 *
 * The map is two immutable files, a base and a delta on top of it. Their blocks are copied, checked, into memory of this process when they are first needed
 * (decision 0410): nothing here ever touches file-backed memory, so a truncated file cannot crash the process.
 * No lock and no system call when the blocks are there, except one pair of stat calls every HB_CHECK_NANOS.
 * Safe to call from any thread, and in a child after fork.
 */
#ifndef HB_MAP_H
#define HB_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef HB_MAP_DIRECTORY
#define HB_MAP_DIRECTORY "/var/cache/himmelblaud/nss"
#endif
#define HB_BASE_PATH HB_MAP_DIRECTORY "/map"
#define HB_DELTA_PATH HB_MAP_DIRECTORY "/delta"

/* A replaced map is noticed after this time at the latest. */
#define HB_CHECK_NANOS UINT64_C(50000000)

enum hb_result {
	HB_FOUND,
	HB_NONE,      /* the map says that there is none */
	HB_MISS,      /* the map does not say */
	HB_TOO_SMALL, /* found, but the caller's buffer is too small */
	HB_CHANGED,   /* the file under the reader is another one now: take a new view and repeat */
	HB_DAMAGED,   /* a block or a record is not what its writer wrote */
	HB_NO_MAP     /* no usable map */
};

struct hb_map;

/* One file within one lookup; keeps the descriptor that fills missing blocks, until hb_read_end. */
struct hb_read {
	struct hb_map *map; /* NULL: there is no such file */
	int fd;
};

struct hb_user {
	struct hb_read *from;
	uint64_t at; /* of the record */
	uint64_t gids_at;
	uint32_t uid, gid, flags, gids_count;
	uint32_t text; /* bytes of "name\0x\0gecos\0directory\0shell\0" */
	uint16_t name, gecos, directory, shell, aliases, alias_bytes;
};

struct hb_members {
	struct hb_read *from;
	uint64_t at;
	uint32_t count, bytes;
};

struct hb_group {
	struct hb_read *from;
	uint64_t at;
	uint32_t gid, flags;
	uint16_t name;
	uint8_t object[16];
	struct hb_members members[2]; /* the record's own, and the base's when it extends that */
};

/* The two files as one lookup sees them. */
struct hb_view {
	struct hb_read base, delta;
};

/* Runs `ask` on the current view; repeats with a fresh one when it answers HB_CHANGED. */
enum hb_result hb_with_map(enum hb_result (*ask)(struct hb_view *view, void *context), void *context);

/* The next lookup looks for new files whatever the time. */
void hb_map_recheck(void);

/* Another number whenever this process took new files. */
uint64_t hb_map_stamp(void);

/* Keys of users are folded already. HB_FOUND, HB_NONE, HB_MISS or a failure. */
enum hb_result hb_user_by_name(struct hb_view *view, const char *key, size_t length, struct hb_user *user);
enum hb_result hb_user_by_uid(struct hb_view *view, uint32_t uid, struct hb_user *user);
enum hb_result hb_group_by_gid(struct hb_view *view, uint32_t gid, struct hb_group *group);
enum hb_result hb_group_by_object(struct hb_view *view, const uint8_t object[16], struct hb_group *group);

/* Copies bytes at a logical offset. HB_FOUND or a failure. */
enum hb_result hb_map_read(struct hb_read *read, uint64_t offset, void *to, size_t length);

#endif
