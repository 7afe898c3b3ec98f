/* Maps whose content was changed but whose sums are right, so that what is tested is the reading and not the sums. */
#ifndef HB_TEST_SEALED_H
#define HB_TEST_SEALED_H

#include "check.h"
#include "map_format.h"
#include "map_hash.h"

static inline void put64(uint8_t *to, uint64_t value) {
	for (unsigned i = 0; i < 8; i++)
		to[i] = (uint8_t)(value >> 8 * i);
}

__attribute__((unused)) static inline void write_map(const char *path, const uint8_t *data, size_t size) {
	uint64_t generation = size >= 32 ? hb_get64(data + HB_H_GENERATION) : 0;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	uint8_t raw[HB_BLOCK_SIZE];
	CHECK(fd >= 0);
	for (uint64_t number = 0; size > 0; number++) {
		size_t part = size < HB_BLOCK_PAYLOAD ? size : HB_BLOCK_PAYLOAD;
		memset(raw, 0, sizeof raw);
		memcpy(raw, data, part);
		put64(raw + HB_BLOCK_PAYLOAD, hb_hash(raw, HB_BLOCK_PAYLOAD, generation + number));
		CHECK(write(fd, raw, sizeof raw) == (ssize_t)sizeof raw);
		data += part;
		size -= part;
	}
	close(fd);
}

/* The payload of a golden file. */
__attribute__((unused)) static inline size_t payload(const char *path, uint8_t *to) {
	static uint8_t raw[1 << 17];
	size_t size = load(path, raw, sizeof raw), out = 0;
	for (size_t at = 0; at + HB_BLOCK_SIZE <= size; at += HB_BLOCK_SIZE, out += HB_BLOCK_PAYLOAD)
		memcpy(to + out, raw + at, HB_BLOCK_PAYLOAD);
	return out;
}

#endif
