/* Records and indexes of one map file. Everything read here is hostile until it is checked. */
#include "map_record.h"

#include <string.h>
#include <time.h>

#include "map_hash.h"

/* A record lies within its section, and what its head announces fits its length. */
static bool record_fits(struct hb_read *read, enum hb_section section, uint64_t at, uint32_t length) {
	const struct hb_map_section *s = &read->map->section[section];
	return at % 8 == 0 && length % 8 == 0 && at >= s->offset && at - s->offset <= s->count && length <= s->count - (at - s->offset);
}

enum hb_result hb_user_at(struct hb_read *read, uint64_t at, struct hb_user *p) {
	uint8_t h[HB_P_SIZE];
	uint32_t length;
	enum hb_result result = hb_map_read(read, at, h, sizeof h);

	if (result != HB_FOUND)
		return result;
	length = hb_get32(h + HB_R_LENGTH);
	if (hb_get32(h + HB_R_KIND) != HB_REC_USER || !record_fits(read, HB_USERS, at, length))
		return HB_DAMAGED;
	p->from = read;
	p->at = at;
	p->uid = hb_get32(h + HB_P_UID);
	p->gid = hb_get32(h + HB_P_GID);
	p->flags = hb_get32(h + HB_P_FLAGS);
	p->gids_count = hb_get32(h + HB_P_GIDS_COUNT);
	p->gids_at = (uint64_t)hb_get32(h + HB_P_GIDS_REF) * 8;
	p->name = hb_get16(h + HB_P_NAME);
	p->gecos = hb_get16(h + HB_P_GECOS);
	p->directory = hb_get16(h + HB_P_DIRECTORY);
	p->shell = hb_get16(h + HB_P_SHELL);
	p->aliases = hb_get16(h + HB_P_ALIAS_COUNT);
	p->alias_bytes = hb_get16(h + HB_P_ALIAS_BYTES);
	p->text = (uint32_t)p->name + p->gecos + p->directory + p->shell + 6;
	if (HB_P_SIZE + (uint64_t)p->text + p->alias_bytes > length || p->name == 0 || p->name > HB_LONGEST_NAME)
		return HB_DAMAGED;
	if (p->gids_at > read->map->size || (uint64_t)p->gids_count * 4 > read->map->size - p->gids_at)
		return HB_DAMAGED;
	return HB_FOUND;
}

enum hb_result hb_group_at(struct hb_read *read, uint64_t at, struct hb_group *g) {
	uint8_t h[HB_G_SIZE];
	uint32_t length;
	enum hb_result result = hb_map_read(read, at, h, sizeof h);

	if (result != HB_FOUND)
		return result;
	length = hb_get32(h + HB_R_LENGTH);
	if (hb_get32(h + HB_R_KIND) != HB_REC_GROUP || !record_fits(read, HB_GROUPS, at, length))
		return HB_DAMAGED;
	memset(g, 0, sizeof *g);
	g->from = read;
	g->at = at;
	g->gid = hb_get32(h + HB_G_GID);
	g->flags = hb_get32(h + HB_G_FLAGS);
	g->name = hb_get16(h + HB_G_NAME);
	memcpy(g->object, h + HB_G_OBJECT, HB_OBJECT_ID);
	g->members[0].from = read;
	g->members[0].at = at + HB_G_SIZE + g->name + 1;
	g->members[0].count = hb_get32(h + HB_G_MEMBER_COUNT);
	g->members[0].bytes = hb_get32(h + HB_G_MEMBER_BYTES);
	if (HB_G_SIZE + (uint64_t)g->name + 1 + g->members[0].bytes > length || g->name == 0 || g->members[0].count > g->members[0].bytes)
		return HB_DAMAGED;
	return HB_FOUND;
}

/* What a slot leads to is asked of `matches`: HB_FOUND (it is this one), HB_MISS (continue) or an end. */
struct probe {
	uint32_t tag;
	enum hb_result (*matches)(struct hb_read *read, uint64_t at, void *context);
	void *context;
};

static enum hb_result probe(struct hb_read *read, enum hb_section index, uint64_t hash, const struct probe *want) {
	const struct hb_map_section *s = &read->map->section[index];
	uint64_t mask = s->count - 1, slot = hash & mask;

	for (uint64_t step = 0; step <= mask && step < HB_MAX_PROBES; step++, slot = (slot + 1) & mask) {
		uint8_t raw[HB_SLOT_SIZE];
		uint32_t reference;
		enum hb_result result = hb_map_read(read, s->offset + slot * HB_SLOT_SIZE, raw, sizeof raw);
		if (result != HB_FOUND)
			return result;
		reference = hb_get32(raw + 4);
		if (reference == 0)
			return HB_MISS;
		if (hb_get32(raw) != want->tag)
			continue;
		result = want->matches(read, (uint64_t)reference * 8, want->context);
		if (result != HB_MISS)
			return result;
	}
	return HB_MISS;
}

static enum hb_result kind_at(struct hb_read *read, uint64_t at, uint32_t *kind) {
	uint8_t raw[4];
	enum hb_result result = hb_map_read(read, at, raw, sizeof raw);
	*kind = result == HB_FOUND ? hb_get32(raw) : 0;
	return result;
}

static bool still_counts(uint64_t expires) {
	struct timespec now;
	return clock_gettime(CLOCK_REALTIME_COARSE, &now) == 0 && (uint64_t)now.tv_sec < expires;
}

/* A negative record for this key or number: HB_NONE while it counts, else HB_MISS. */
static enum hb_result negative_at(struct hb_read *read, uint64_t at, const void *key, size_t length, uint32_t number) {
	uint8_t h[HB_N_SIZE], own[HB_LONGEST_NAME];
	size_t own_length;
	enum hb_result result = hb_map_read(read, at, h, sizeof h);

	if (result != HB_FOUND)
		return result;
	own_length = hb_get16(h + HB_N_KEY);
	if (own_length != length || own_length > sizeof own)
		return HB_MISS;
	if (length == 0) {
		if (hb_get32(h + HB_N_NUMBER) != number)
			return HB_MISS;
	} else {
		result = hb_map_read(read, at + HB_N_SIZE, own, length);
		if (result != HB_FOUND)
			return result;
		if (memcmp(own, key, length) != 0)
			return HB_MISS;
	}
	return still_counts(hb_get64(h + HB_N_EXPIRES)) ? HB_NONE : HB_MISS;
}

struct by_key {
	const char *key;
	size_t length;
	uint32_t number;
	void *record;
};

/* The name itself when it is a key, then the aliases. */
static enum hb_result user_has_key(struct hb_user *p, const char *key, size_t length) {
	uint8_t own[HB_LONGEST_NAME + 1];
	uint64_t at = p->at + HB_P_SIZE;
	uint32_t left = p->alias_bytes;
	enum hb_result result;

	if ((p->flags & HB_USER_NAME_IS_KEY) && p->name == length) {
		result = hb_map_read(p->from, at, own, length);
		if (result != HB_FOUND)
			return result;
		if (memcmp(own, key, length) == 0)
			return HB_FOUND;
	}
	at += p->text;
	for (unsigned i = 0; i < p->aliases && left > 0; i++) {
		uint32_t part = left < sizeof own ? left : (uint32_t)sizeof own;
		uint8_t *end;
		result = hb_map_read(p->from, at, own, part);
		if (result != HB_FOUND)
			return result;
		end = memchr(own, 0, part);
		if (!end)
			return HB_DAMAGED;
		if ((size_t)(end - own) == length && memcmp(own, key, length) == 0)
			return HB_FOUND;
		part = (uint32_t)(end - own) + 1;
		at += part;
		left -= part;
	}
	return HB_MISS;
}

static enum hb_result name_matches(struct hb_read *read, uint64_t at, void *context) {
	struct by_key *want = context;
	uint32_t kind;
	enum hb_result result = kind_at(read, at, &kind);

	if (result != HB_FOUND)
		return result;
	if (kind == HB_REC_NEGATIVE)
		return negative_at(read, at, want->key, want->length, 0);
	result = hb_user_at(read, at, want->record);
	return result == HB_FOUND ? user_has_key(want->record, want->key, want->length) : result;
}

static enum hb_result uid_matches(struct hb_read *read, uint64_t at, void *context) {
	struct by_key *want = context;
	struct hb_user *p = want->record;
	uint32_t kind;
	enum hb_result result = kind_at(read, at, &kind);

	if (result != HB_FOUND)
		return result;
	if (kind == HB_REC_NEGATIVE)
		return negative_at(read, at, NULL, 0, want->number);
	result = hb_user_at(read, at, p);
	return result == HB_FOUND && p->uid != want->number ? HB_DAMAGED : result;
}

static enum hb_result gid_matches(struct hb_read *read, uint64_t at, void *context) {
	struct by_key *want = context;
	struct hb_group *g = want->record;
	uint32_t kind;
	enum hb_result result = kind_at(read, at, &kind);

	if (result != HB_FOUND)
		return result;
	if (kind == HB_REC_NEGATIVE)
		return negative_at(read, at, NULL, 0, want->number);
	result = hb_group_at(read, at, g);
	return result == HB_FOUND && g->gid != want->number ? HB_DAMAGED : result;
}

static enum hb_result object_matches(struct hb_read *read, uint64_t at, void *context) {
	struct by_key *want = context;
	struct hb_group *g = want->record;
	uint32_t kind;
	enum hb_result result = kind_at(read, at, &kind);

	if (result != HB_FOUND)
		return result;
	if (kind == HB_REC_NEGATIVE)
		return negative_at(read, at, want->key, want->length, 0);
	result = hb_group_at(read, at, g);
	if (result != HB_FOUND)
		return result;
	return memcmp(g->object, want->key, HB_OBJECT_ID) == 0 ? HB_FOUND : HB_MISS;
}

enum hb_result hb_map_name(struct hb_read *read, const char *key, size_t length, struct hb_user *user) {
	uint64_t hash = hb_hash(key, length, read->map->seed);
	struct by_key want = {.key = key, .length = length, .record = user};
	return probe(read, HB_BY_NAME, hash, &(struct probe){(uint32_t)(hash >> 32), name_matches, &want});
}

enum hb_result hb_map_uid(struct hb_read *read, uint32_t uid, struct hb_user *user) {
	struct by_key want = {.number = uid, .record = user};
	return probe(read, HB_BY_UID, hb_hash32(uid, read->map->seed), &(struct probe){uid, uid_matches, &want});
}

enum hb_result hb_map_gid(struct hb_read *read, uint32_t gid, struct hb_group *group) {
	struct by_key want = {.number = gid, .record = group};
	return probe(read, HB_BY_GID, hb_hash32(gid, read->map->seed), &(struct probe){gid, gid_matches, &want});
}

enum hb_result hb_map_object(struct hb_read *read, const uint8_t object[HB_OBJECT_ID], struct hb_group *group) {
	uint64_t hash = hb_hash(object, HB_OBJECT_ID, read->map->seed);
	struct by_key want = {.key = (const char *)object, .length = HB_OBJECT_ID, .record = group};
	return probe(read, HB_BY_OBJECT, hash, &(struct probe){(uint32_t)(hash >> 32), object_matches, &want});
}
