#include "map_hash.h"

#include "map_format.h"

#define P1 UINT64_C(0x9E3779B185EBCA87)
#define P2 UINT64_C(0xC2B2AE3D27D4EB4F)
#define P3 UINT64_C(0x165667B19E3779F9)
#define P4 UINT64_C(0x85EBCA77C2B2AE63)
#define P5 UINT64_C(0x27D4EB2F165667C5)

static inline uint64_t rotl(uint64_t x, unsigned n) {
	return x << n | x >> (64 - n);
}

static inline uint64_t lane(uint64_t acc, uint64_t in) {
	return rotl(acc + in * P2, 31) * P1;
}

static inline uint64_t merge(uint64_t acc, uint64_t v) {
	return (acc ^ lane(0, v)) * P1 + P4;
}

static inline uint64_t avalanche(uint64_t h) {
	h = (h ^ h >> 33) * P2;
	h = (h ^ h >> 29) * P3;
	return h ^ h >> 32;
}

uint64_t hb_hash(const void *data, size_t length, uint64_t seed) {
	const uint8_t *p = data;
	size_t left = length;
	uint64_t h;

	if (left >= 32) {
		uint64_t a = seed + P1 + P2, b = seed + P2, c = seed, d = seed - P1;
		for (; left >= 32; left -= 32, p += 32) {
			a = lane(a, hb_get64(p));
			b = lane(b, hb_get64(p + 8));
			c = lane(c, hb_get64(p + 16));
			d = lane(d, hb_get64(p + 24));
		}
		h = rotl(a, 1) + rotl(b, 7) + rotl(c, 12) + rotl(d, 18);
		h = merge(merge(merge(merge(h, a), b), c), d);
	} else {
		h = seed + P5;
	}
	h += length;
	for (; left >= 8; left -= 8, p += 8)
		h = rotl(h ^ lane(0, hb_get64(p)), 27) * P1 + P4;
	if (left >= 4) {
		h = rotl(h ^ hb_get32(p) * P1, 23) * P2 + P3;
		left -= 4;
		p += 4;
	}
	for (; left > 0; left--, p++)
		h = rotl(h ^ *p * P5, 11) * P1;
	return avalanche(h);
}

uint64_t hb_hash32(uint32_t number, uint64_t seed) {
	uint64_t h = seed + P5 + 4;
	return avalanche(rotl(h ^ number * P1, 23) * P2 + P3);
}
