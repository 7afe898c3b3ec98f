#include "map_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "map_hash.h"

enum { ABSENT, FILLING, PRESENT };

static void id_from(const struct stat *st, struct hb_file_id *id) {
	id->device = st->st_dev;
	id->inode = st->st_ino;
	id->size = st->st_size;
	id->modified = st->st_mtim;
	id->changed = st->st_ctim;
}

bool hb_file_id_of(const char *path, struct hb_file_id *id) {
	struct stat st;
	if (lstat(path, &st) != 0)
		return false;
	id_from(&st, id);
	return true;
}

static bool same_time(const struct timespec *a, const struct timespec *b) {
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* Without the time of change, which also moves when the file loses its name to a successor. */
static bool same_content(const struct hb_file_id *a, const struct hb_file_id *b) {
	return a->inode == b->inode && a->device == b->device && a->size == b->size && same_time(&a->modified, &b->modified);
}

bool hb_file_id_equal(const struct hb_file_id *a, const struct hb_file_id *b) {
	return same_content(a, b) && same_time(&a->changed, &b->changed);
}

/* O_NONBLOCK: a FIFO put in the map's place must not hold the host. */
static int open_file(const char *path, struct stat *st) {
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return -1;
	if (fstat(fd, st) != 0 || !S_ISREG(st->st_mode)) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool pread_block(int fd, uint64_t number, uint8_t raw[HB_BLOCK_SIZE]) {
	size_t done = 0;
	while (done < HB_BLOCK_SIZE) {
		ssize_t n = pread(fd, raw + done, HB_BLOCK_SIZE - done, (off_t)(number * HB_BLOCK_SIZE + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

static bool sum_fits(const uint8_t raw[HB_BLOCK_SIZE], uint64_t generation, uint64_t number) {
	return hb_hash(raw, HB_BLOCK_PAYLOAD, generation + number) == hb_get64(raw + HB_BLOCK_PAYLOAD);
}

enum hb_result hb_map_block(struct hb_read *read, uint64_t number, uint8_t raw[HB_BLOCK_SIZE]) {
	struct hb_map *map = read->map;
	struct stat st;
	struct hb_file_id id;

	if (number >= map->blocks)
		return HB_DAMAGED;
	if (read->fd < 0) {
		/* The descriptor lives as long as the lookup: none is kept that the host could close or reuse. */
		read->fd = open_file(map->path, &st);
		if (read->fd < 0)
			return HB_CHANGED;
	} else if (fstat(read->fd, &st) != 0) {
		return HB_CHANGED;
	}
	id_from(&st, &id);
	if (!same_content(&id, &map->id) || !pread_block(read->fd, number, raw))
		return HB_CHANGED;
	if (!sum_fits(raw, map->generation, number)) {
		atomic_store_explicit(&map->damaged, true, memory_order_relaxed);
		return HB_DAMAGED;
	}
	return HB_FOUND;
}

static enum hb_result read_slowly(struct hb_read *read, uint64_t number, uint64_t within, uint8_t *to, size_t length) {
	struct hb_map *map = read->map;
	uint8_t raw[HB_BLOCK_SIZE];
	enum hb_result result = hb_map_block(read, number, raw);

	if (result != HB_FOUND)
		return result;
	memcpy(to, raw + within, length);
	if (map->state) {
		unsigned char absent = ABSENT;
		/* The first thread keeps the copy; the others read for themselves and never wait. */
		if (atomic_compare_exchange_strong_explicit(&map->state[number], &absent, FILLING, memory_order_acquire, memory_order_relaxed)) {
			memcpy(map->payload + number * HB_BLOCK_PAYLOAD, raw, HB_BLOCK_PAYLOAD);
			atomic_store_explicit(&map->state[number], PRESENT, memory_order_release);
		}
	}
	return HB_FOUND;
}

enum hb_result hb_map_read(struct hb_read *read, uint64_t offset, void *to, size_t length) {
	struct hb_map *map = read->map;
	uint8_t *out = to;

	if (offset > map->size || length > map->size - offset)
		return HB_DAMAGED;
	while (length > 0) {
		uint64_t number = offset / HB_BLOCK_PAYLOAD, within = offset % HB_BLOCK_PAYLOAD;
		size_t part = HB_BLOCK_PAYLOAD - within;
		if (part > length)
			part = length;
		if (map->state && atomic_load_explicit(&map->state[number], memory_order_acquire) == PRESENT) {
			memcpy(out, map->payload + offset, part);
		} else {
			enum hb_result result = read_slowly(read, number, within, out, part);
			if (result != HB_FOUND)
				return result;
		}
		out += part;
		offset += part;
		length -= part;
	}
	return HB_FOUND;
}

static bool section_fits(const struct hb_map *map, enum hb_section which) {
	const struct hb_map_section *s = &map->section[which];
	if (s->offset % 8 != 0 || s->offset < HB_HEADER_SIZE || s->offset > map->size)
		return false;
	if (which == HB_USERS || which == HB_GROUPS)
		return s->count <= map->size - s->offset;
	return s->count > 0 && s->count <= UINT32_MAX && (s->count & (s->count - 1)) == 0 &&
				s->count * HB_SLOT_SIZE <= map->size - s->offset;
}

static bool header_fits(struct hb_map *map, const uint8_t *h, uint32_t kind, uint64_t file_size) {
	if (hb_get64(h + HB_H_MAGIC) != HB_MAGIC || hb_get32(h + HB_H_VERSION) != HB_VERSION ||
			hb_get32(h + HB_H_HEADER_SIZE) != HB_HEADER_SIZE || hb_get32(h + HB_H_KIND) != kind)
		return false;
	map->generation = hb_get64(h + HB_H_GENERATION);
	map->base_generation = hb_get64(h + HB_H_BASE_GENERATION);
	map->size = hb_get64(h + HB_H_SIZE);
	map->blocks = hb_get64(h + HB_H_BLOCKS);
	map->seed = hb_get64(h + HB_H_SEED);
	map->valid_until = hb_get64(h + HB_H_VALID_UNTIL);
	map->users = hb_get64(h + HB_H_USERS);
	map->groups = hb_get64(h + HB_H_GROUPS);
	if (map->blocks == 0 || map->blocks > HB_MAX_BLOCKS || map->blocks * HB_BLOCK_SIZE != file_size ||
			map->size > map->blocks * HB_BLOCK_PAYLOAD || map->size <= (map->blocks - 1) * HB_BLOCK_PAYLOAD || map->size < HB_HEADER_SIZE)
		return false;
	for (unsigned i = 0; i < HB_SECTIONS; i++) {
		map->section[i].offset = hb_get64(h + HB_H_SECTIONS + 16 * i);
		map->section[i].count = hb_get64(h + HB_H_SECTIONS + 16 * i + 8);
		if (!section_fits(map, i))
			return false;
	}
	return true;
}

/* The structure, the state bytes and room for the payload in one piece; untouched pages cost nothing. */
static struct hb_map *allocate(uint64_t blocks, bool keep_blocks) {
	size_t head = (sizeof(struct hb_map) + 63) / 64 * 64;
	size_t states = keep_blocks ? (size_t)((blocks + 63) / 64 * 64) : 0;
	size_t all = head + states + (keep_blocks ? (size_t)(blocks * HB_BLOCK_PAYLOAD) : 0);
	uint8_t *memory = mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	struct hb_map *map;

	if (memory == MAP_FAILED)
		return keep_blocks ? allocate(blocks, false) : NULL;
	map = (struct hb_map *)(void *)memory;
	map->mapped = all;
	if (keep_blocks) {
		map->state = (atomic_uchar *)(void *)(memory + head);
		map->payload = memory + head + states;
	}
	return map;
}

enum hb_result hb_map_open(const char *path, uint32_t kind, bool keep_blocks, struct hb_map **result, struct hb_file_id *id) {
	struct stat st;
	uint8_t raw[HB_BLOCK_SIZE];
	struct hb_map header = {0}, *map;
	int fd = open_file(path, &st);

	if (fd < 0)
		return HB_NO_MAP;
	id_from(&st, id);
	if (!pread_block(fd, 0, raw) || !header_fits(&header, raw, kind, (uint64_t)st.st_size) || !sum_fits(raw, header.generation, 0)) {
		close(fd);
		return HB_DAMAGED;
	}
	close(fd);
	map = allocate(header.blocks, keep_blocks);
	if (!map)
		return HB_NO_MAP;
	header.mapped = map->mapped;
	header.state = map->state;
	header.payload = map->payload;
	header.path = path;
	header.id = *id;
	memcpy(map, &header, sizeof header);
	if (map->state) {
		memcpy(map->payload, raw, HB_BLOCK_PAYLOAD);
		atomic_store_explicit(&map->state[0], PRESENT, memory_order_release);
	}
	*result = map;
	return HB_FOUND;
}

void hb_map_close(struct hb_map *map) {
	if (map)
		munmap(map, map->mapped);
}

void hb_read_begin(struct hb_read *read, struct hb_map *map) {
	read->map = map;
	read->fd = -1;
}

void hb_read_end(struct hb_read *read) {
	struct stat st;
	/* A descriptor that the host has closed and reused meanwhile is the host's. */
	if (read->map && read->fd >= 0 && fstat(read->fd, &st) == 0 && st.st_ino == read->map->id.inode && st.st_dev == read->map->id.device)
		close(read->fd);
	read->fd = -1;
}
