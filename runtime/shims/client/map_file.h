/* One map file: opening, the block copies, checked reads. Internal to the map reader, its tests and enumeration. */
#ifndef HB_MAP_FILE_H
#define HB_MAP_FILE_H

#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "map.h"
#include "map_format.h"

/* What tells one file from its successor, also when it was modified in place. */
struct hb_file_id {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec modified, changed;
};

struct hb_map_section {
	uint64_t offset, count;
};

struct hb_map {
	const char *path; /* static */
	struct hb_file_id id;
	size_t mapped; /* bytes of this anonymous mapping, which begins with this structure */
	uint64_t generation, base_generation, size, blocks, seed, valid_until;
	uint64_t users, groups;
	struct hb_map_section section[HB_SECTIONS];
	atomic_uint views; /* how many views hold it */
	atomic_bool damaged;
	atomic_uchar *state; /* one for each block; NULL: blocks are not kept */
	uint8_t *payload;    /* their copies, at their logical offsets */
};

bool hb_file_id_of(const char *path, struct hb_file_id *id);
bool hb_file_id_equal(const struct hb_file_id *a, const struct hb_file_id *b);

/* HB_FOUND and a map; HB_NO_MAP: no file; HB_DAMAGED: not a map of this version and kind. `id` is set whenever there is a file. */
enum hb_result hb_map_open(const char *path, uint32_t kind, bool keep_blocks, struct hb_map **map, struct hb_file_id *id);
void hb_map_close(struct hb_map *map);

void hb_read_begin(struct hb_read *read, struct hb_map *map);
void hb_read_end(struct hb_read *read);

/* Fetches and checks a whole block, past the copies. */
enum hb_result hb_map_block(struct hb_read *read, uint64_t number, uint8_t raw[HB_BLOCK_SIZE]);

#endif
