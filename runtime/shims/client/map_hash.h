/* XXH64, written from its public specification: block sums and index hashes of the lookup map. */
#ifndef HB_MAP_HASH_H
#define HB_MAP_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t hb_hash(const void *data, size_t length, uint64_t seed);

/* Equal to hb_hash over the number's four little-endian bytes. */
uint64_t hb_hash32(uint32_t number, uint64_t seed);

#endif
