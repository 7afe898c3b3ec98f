/* The layout of the lookup map, as docs/protocol/nss-map.md specifies it. Little-endian, offsets are logical (payload) offsets. */
#ifndef HB_MAP_FORMAT_H
#define HB_MAP_FORMAT_H

#include <stdint.h>

/* A file is a row of blocks; the last 8 bytes of each are XXH64(payload, seed = generation + block number). */
#define HB_BLOCK_SIZE 4096u
#define HB_BLOCK_SUM 8u
#define HB_BLOCK_PAYLOAD (HB_BLOCK_SIZE - HB_BLOCK_SUM)
#define HB_MAX_BLOCKS (UINT64_C(1) << 23) /* 32 GiB: what a u32 reference of 8-byte units can reach */

#define HB_MAGIC UINT64_C(0x3150414D4D4D4948) /* "HIMMMAP1" */
#define HB_VERSION 1u
#define HB_KIND_BASE 1u
#define HB_KIND_DELTA 2u

/* Header: the first 256 bytes of block 0. */
#define HB_HEADER_SIZE 256u
#define HB_H_MAGIC 0u
#define HB_H_VERSION 8u
#define HB_H_HEADER_SIZE 12u
#define HB_H_KIND 16u
#define HB_H_FLAGS 20u
#define HB_H_GENERATION 24u
#define HB_H_BASE_GENERATION 32u
#define HB_H_SIZE 40u
#define HB_H_BLOCKS 48u
#define HB_H_SEED 56u
#define HB_H_CREATED 64u
#define HB_H_VALID_UNTIL 72u
#define HB_H_SECTIONS 80u /* six pairs of u64: offset, then slots (indexes) or bytes (records) */
#define HB_H_USERS 176u
#define HB_H_GROUPS 184u
#define HB_H_NEGATIVES 192u
#define HB_H_RESERVED 200u /* zero up to HB_HEADER_SIZE */

enum hb_section {
	HB_BY_NAME, /* names and full names of users; negative names */
	HB_BY_UID,
	HB_BY_GID,
	HB_BY_OBJECT, /* groups by object id */
	HB_USERS,    /* user records one after the other */
	HB_GROUPS,    /* group records, then negative records */
	HB_SECTIONS
};

/* Index slot: u32 tag, u32 reference (logical offset / 8; 0: empty). Open addressing, linear probing, a power of two slots. */
#define HB_SLOT_SIZE 8u
#define HB_MAX_PROBES 4096u

#define HB_REC_USER 1u
#define HB_REC_GROUP 2u
#define HB_REC_NEGATIVE 3u
#define HB_R_KIND 0u
#define HB_R_LENGTH 4u /* whole record, a multiple of 8 */

/* User: then "name\0x\0gecos\0directory\0shell\0", then alias_count keys with their NULs. */
#define HB_P_UID 8u
#define HB_P_GID 12u
#define HB_P_FLAGS 16u
#define HB_P_GIDS_COUNT 20u
#define HB_P_GIDS_REF 24u /* logical offset / 8 of a u32 array */
#define HB_P_NAME 28u     /* u16 lengths without NUL */
#define HB_P_GECOS 30u
#define HB_P_DIRECTORY 32u
#define HB_P_SHELL 34u
#define HB_P_ALIAS_COUNT 36u
#define HB_P_ALIAS_BYTES 38u
#define HB_P_SIZE 40u

#define HB_USER_PRIVATE_GROUP 1u /* a group of the user's own name with gid = uid exists */
#define HB_USER_HIDDEN 2u        /* resolves, but is not enumerated (user map) */
#define HB_USER_NAME_IS_KEY 4u   /* the name itself, unfolded, is a lookup key */
#define HB_USER_REMOVED 8u       /* in a delta: the base's record with this uid is dead */

/* Group: then the name with its NUL, then the members' names with theirs. */
#define HB_G_GID 8u
#define HB_G_FLAGS 12u
#define HB_G_OBJECT 16u
#define HB_G_NAME 32u /* u16 length without NUL */
#define HB_G_MEMBER_COUNT 36u
#define HB_G_MEMBER_BYTES 40u
#define HB_G_SIZE 48u

#define HB_GROUP_EXTENDS 1u      /* in a delta: these members come on top of the base's */
#define HB_GROUP_NAME_IS_ID 2u   /* the display name was unfit; the name shown is the object id */
#define HB_GROUP_REMOVED 8u      /* in a delta: the base's record with this gid is dead */

/* Negative: the answer "there is none" until a wall-clock second. Name: the key follows; else the number. */
#define HB_N_EXPIRES 8u
#define HB_N_NUMBER 16u
#define HB_N_KEY 20u /* u16 length without NUL; 0: the number counts */
#define HB_N_SIZE 24u

#define HB_LONGEST_NAME 255u
#define HB_OBJECT_ID 16u

static inline uint16_t hb_get16(const uint8_t *p) {
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t hb_get32(const uint8_t *p) {
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t hb_get64(const uint8_t *p) {
	return (uint64_t)hb_get32(p) | (uint64_t)hb_get32(p + 4) << 32;
}

#endif
