/*
 * mkmap OUT < SPEC: writes a lookup map from lines of tab-separated words, for tests and benchmarks. The daemon's writer is
 * himmelblau.nssmap; both must write the same bytes for the same content (testing/vectors/map/).
 *
 *   map      base|delta GENERATION BASE_GENERATION SEED CREATED VALID_UNTIL       (first line)
 *   user   NAME UID GID FLAGS GECOS DIRECTORY SHELL ALIAS,…|- GID,…|-
 *   group    NAME GID FLAGS OBJECT_ID|- MEMBER,…|-
 *   missing  name|uid|gid|object KEY EXPIRES
 */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "map_format.h"
#include "map_hash.h"
#include "names.h"

#define USERS_AT HB_HEADER_SIZE

struct bytes {
	uint8_t *at;
	size_t size, room;
};

static void need(struct bytes *b, size_t more) {
	if (b->room - b->size >= more)
		return;
	b->room = (b->room + more) * 2;
	b->at = realloc(b->at, b->room);
	if (!b->at)
		err(1, "no memory");
}

static size_t add(struct bytes *b, const void *data, size_t size) {
	size_t at = b->size;
	need(b, size + 1);
	if (size > 0)
		memcpy(b->at + at, data, size);
	b->size += size;
	return at;
}

static void pad(struct bytes *b) {
	static const uint8_t zero[8];
	add(b, zero, -b->size % 8);
}

static void put(uint8_t *to, uint64_t value, unsigned size) {
	for (unsigned i = 0; i < size; i++)
		to[i] = (uint8_t)(value >> 8 * i);
}

/* What goes into an index: the place of the record is relative to its section until all sizes are known. */
struct entry {
	uint64_t hash;
	uint32_t tag;
	bool user;
	uint64_t at;
};

struct index {
	struct entry *entries;
	size_t count, room;
};

static uint64_t seed;
static struct index indexes[4];
static struct bytes users, groups;

static void index_add(enum hb_section which, struct entry entry) {
	struct index *i = &indexes[which];
	if (i->count == i->room) {
		i->room = i->room * 2 + 16;
		i->entries = realloc(i->entries, i->room * sizeof *i->entries);
		if (!i->entries)
			err(1, "no memory");
	}
	i->entries[i->count++] = entry;
}

static void by_bytes(enum hb_section which, const void *key, size_t length, bool user, uint64_t at) {
	uint64_t hash = hb_hash(key, length, seed);
	index_add(which, (struct entry){hash, (uint32_t)(hash >> 32), user, at});
}

static void by_number(enum hb_section which, uint32_t number, bool user, uint64_t at) {
	index_add(which, (struct entry){hb_hash32(number, seed), number, user, at});
}

/* Splits at a character, in place. */
static unsigned split(char *text, char at, char **parts, unsigned most) {
	unsigned n = 0;
	if (strcmp(text, "-") == 0 || *text == 0)
		return 0;
	for (char *p = text; p && n < most; n++) {
		parts[n] = p;
		p = strchr(p, at);
		if (p)
			*p++ = 0;
	}
	return n;
}

static uint32_t number(const char *text) {
	return (uint32_t)strtoull(text, NULL, 10);
}

/* The gids at the end of a user's record, or where the last record with the same list has them. */
static uint64_t gid_array(char *list, uint32_t *count) {
	static char *parts[8192];
	static uint8_t raw[4 * 8192];
	static size_t last_at, last_size;
	unsigned n = split(list, ',', parts, 8192);

	*count = n;
	if (n == 0)
		return 0;
	for (unsigned i = 0; i < n; i++)
		put(raw + 4 * i, number(parts[i]), 4);
	if (last_size != 4 * n || memcmp(users.at + last_at, raw, last_size) != 0) {
		last_at = add(&users, raw, 4 * n);
		last_size = 4 * n;
		pad(&users);
	}
	return (USERS_AT + last_at) / 8;
}

static void user(char **w) {
	uint8_t head[HB_P_SIZE] = {0};
	char *aliases[64];
	uint32_t flags = number(w[4]), count;
	uint64_t gids_ref;
	unsigned alias_count = split(w[8], ',', aliases, 64);
	size_t at = users.size, alias_bytes = 0;

	if (flags & HB_USER_NAME_IS_KEY)
		by_bytes(HB_BY_NAME, w[1], strlen(w[1]), true, at);
	for (unsigned i = 0; i < alias_count; i++) {
		by_bytes(HB_BY_NAME, aliases[i], strlen(aliases[i]), true, at);
		alias_bytes += strlen(aliases[i]) + 1;
	}
	by_number(HB_BY_UID, number(w[2]), true, at);
	put(head + HB_R_KIND, HB_REC_USER, 4);
	put(head + HB_P_UID, number(w[2]), 4);
	put(head + HB_P_GID, number(w[3]), 4);
	put(head + HB_P_FLAGS, flags, 4);
	put(head + HB_P_NAME, strlen(w[1]), 2);
	put(head + HB_P_GECOS, strlen(w[5]), 2);
	put(head + HB_P_DIRECTORY, strlen(w[6]), 2);
	put(head + HB_P_SHELL, strlen(w[7]), 2);
	put(head + HB_P_ALIAS_COUNT, alias_count, 2);
	put(head + HB_P_ALIAS_BYTES, alias_bytes, 2);
	add(&users, head, sizeof head);
	add(&users, w[1], strlen(w[1]) + 1);
	add(&users, "x", 2);
	for (int i = 5; i < 8; i++)
		add(&users, w[i], strlen(w[i]) + 1);
	for (unsigned i = 0; i < alias_count; i++)
		add(&users, aliases[i], strlen(aliases[i]) + 1);
	pad(&users);
	gids_ref = gid_array(w[9], &count);
	put(users.at + at + HB_P_GIDS_COUNT, count, 4);
	put(users.at + at + HB_P_GIDS_REF, gids_ref, 4);
	put(users.at + at + HB_R_LENGTH, users.size - at, 4);
}

static void group(char **w) {
	uint8_t head[HB_G_SIZE] = {0};
	size_t at = groups.size, members = strcmp(w[5], "-") == 0 ? 0 : strlen(w[5]) + 1;
	uint32_t count = 0;
	bool has_id = hb_parse_object_id(w[4], head + HB_G_OBJECT);

	for (size_t i = 0; i < members; i++)
		if (w[5][i] == ',' || w[5][i] == 0) {
			w[5][i] = 0;
			count++;
		}
	by_number(HB_BY_GID, number(w[2]), false, at);
	if (has_id && !(number(w[3]) & HB_GROUP_REMOVED))
		by_bytes(HB_BY_OBJECT, head + HB_G_OBJECT, HB_OBJECT_ID, false, at);
	put(head + HB_R_KIND, HB_REC_GROUP, 4);
	put(head + HB_G_GID, number(w[2]), 4);
	put(head + HB_G_FLAGS, number(w[3]), 4);
	put(head + HB_G_NAME, strlen(w[1]), 2);
	put(head + HB_G_MEMBER_COUNT, count, 4);
	put(head + HB_G_MEMBER_BYTES, members, 4);
	add(&groups, head, sizeof head);
	add(&groups, w[1], strlen(w[1]) + 1);
	add(&groups, w[5], members);
	pad(&groups);
	put(groups.at + at + HB_R_LENGTH, groups.size - at, 4);
}

static void missing(char **w) {
	uint8_t head[HB_N_SIZE] = {0}, object[HB_OBJECT_ID];
	size_t at = groups.size, length = 0;
	const void *key = w[2];

	put(head + HB_R_KIND, HB_REC_NEGATIVE, 4);
	put(head + HB_N_EXPIRES, strtoull(w[3], NULL, 10), 8);
	if (strcmp(w[1], "name") == 0) {
		length = strlen(w[2]);
		by_bytes(HB_BY_NAME, key, length, false, at);
	} else if (strcmp(w[1], "object") == 0 && hb_parse_object_id(w[2], object)) {
		key = object;
		length = HB_OBJECT_ID;
		by_bytes(HB_BY_OBJECT, key, length, false, at);
	} else {
		put(head + HB_N_NUMBER, number(w[2]), 4);
		by_number(strcmp(w[1], "uid") == 0 ? HB_BY_UID : HB_BY_GID, number(w[2]), false, at);
	}
	put(head + HB_N_KEY, length, 2);
	add(&groups, head, sizeof head);
	add(&groups, key, length);
	pad(&groups);
	put(groups.at + at + HB_R_LENGTH, groups.size - at, 4);
}

static uint64_t slots_for(size_t count) {
	uint64_t slots = 2;
	while (slots < 2 * (uint64_t)count)
		slots *= 2;
	return slots;
}

static void write_index(struct bytes *out, const struct index *index, uint64_t slots, uint64_t groups_at) {
	size_t start = out->size;

	need(out, slots * HB_SLOT_SIZE);
	memset(out->at + start, 0, slots * HB_SLOT_SIZE);
	out->size += slots * HB_SLOT_SIZE;
	for (size_t i = 0; i < index->count; i++) {
		const struct entry *e = &index->entries[i];
		uint64_t slot = e->hash & (slots - 1);
		while (hb_get32(out->at + start + slot * HB_SLOT_SIZE + 4) != 0)
			slot = (slot + 1) & (slots - 1);
		put(out->at + start + slot * HB_SLOT_SIZE, e->tag, 4);
		put(out->at + start + slot * HB_SLOT_SIZE + 4, (e->at + (e->user ? USERS_AT : groups_at)) / 8, 4);
	}
}

static void write_blocks(const char *path, struct bytes *out, uint64_t generation) {
	FILE *file = fopen(path, "wb");
	uint64_t blocks = (out->size + HB_BLOCK_PAYLOAD - 1) / HB_BLOCK_PAYLOAD;
	uint8_t raw[HB_BLOCK_SIZE];

	if (!file)
		err(1, "%s", path);
	for (uint64_t i = 0; i < blocks; i++) {
		size_t left = out->size - i * HB_BLOCK_PAYLOAD, part = left < HB_BLOCK_PAYLOAD ? left : HB_BLOCK_PAYLOAD;
		memset(raw, 0, sizeof raw);
		memcpy(raw, out->at + i * HB_BLOCK_PAYLOAD, part);
		put(raw + HB_BLOCK_PAYLOAD, hb_hash(raw, HB_BLOCK_PAYLOAD, generation + i), HB_BLOCK_SUM);
		if (fwrite(raw, sizeof raw, 1, file) != 1)
			err(1, "%s", path);
	}
	if (fclose(file) != 0)
		err(1, "%s", path);
}

static void finish(const char *path, char **map, const uint64_t counts[3]) {
	uint8_t h[HB_HEADER_SIZE] = {0};
	static struct bytes out;
	uint64_t at, slots[4], groups_at;

	put(h + HB_H_MAGIC, HB_MAGIC, 8);
	put(h + HB_H_VERSION, HB_VERSION, 4);
	put(h + HB_H_HEADER_SIZE, HB_HEADER_SIZE, 4);
	put(h + HB_H_KIND, strcmp(map[1], "base") == 0 ? HB_KIND_BASE : HB_KIND_DELTA, 4);
	put(h + HB_H_GENERATION, strtoull(map[2], NULL, 10), 8);
	put(h + HB_H_BASE_GENERATION, strtoull(map[3], NULL, 10), 8);
	put(h + HB_H_SEED, seed, 8);
	put(h + HB_H_CREATED, strtoull(map[5], NULL, 10), 8);
	put(h + HB_H_VALID_UNTIL, strtoull(map[6], NULL, 10), 8);
	put(h + HB_H_SECTIONS + 16 * HB_USERS, USERS_AT, 8);
	put(h + HB_H_SECTIONS + 16 * HB_USERS + 8, users.size, 8);
	groups_at = USERS_AT + users.size;
	put(h + HB_H_SECTIONS + 16 * HB_GROUPS, groups_at, 8);
	put(h + HB_H_SECTIONS + 16 * HB_GROUPS + 8, groups.size, 8);
	at = groups_at + groups.size;
	for (unsigned i = 0; i < 4; i++) {
		slots[i] = slots_for(indexes[i].count);
		put(h + HB_H_SECTIONS + 16 * i, at, 8);
		put(h + HB_H_SECTIONS + 16 * i + 8, slots[i], 8);
		at += slots[i] * HB_SLOT_SIZE;
	}
	put(h + HB_H_USERS, counts[0], 8);
	put(h + HB_H_GROUPS, counts[1], 8);
	put(h + HB_H_NEGATIVES, counts[2], 8);
	put(h + HB_H_SIZE, at, 8);
	put(h + HB_H_BLOCKS, (at + HB_BLOCK_PAYLOAD - 1) / HB_BLOCK_PAYLOAD, 8);
	add(&out, h, sizeof h);
	add(&out, users.at, users.size);
	add(&out, groups.at, groups.size);
	for (unsigned i = 0; i < 4; i++)
		write_index(&out, &indexes[i], slots[i], groups_at);
	write_blocks(path, &out, strtoull(map[2], NULL, 10));
}

int main(int argc, char **argv) {
	static char *line, *first;
	static size_t room;
	char *map[16] = {0}, *w[16];
	uint64_t counts[3] = {0};

	if (argc != 2)
		errx(2, "usage: mkmap OUT < SPEC");
	while (getline(&line, &room, stdin) > 0) {
		line[strcspn(line, "\n")] = 0;
		if (*line == 0 || *line == '#')
			continue;
		if (!first) {
			first = strdup(line);
			if (split(first, '\t', map, 16) != 7 || strcmp(map[0], "map") != 0)
				errx(1, "the first line must be map …");
			seed = strtoull(map[4], NULL, 10);
			continue;
		}
		unsigned n = split(line, '\t', w, 16);
		if (n == 10 && strcmp(w[0], "person") == 0) {
			user(w);
			counts[0]++;
		} else if (n == 6 && strcmp(w[0], "group") == 0) {
			group(w);
			counts[1]++;
		} else if (n == 4 && strcmp(w[0], "missing") == 0) {
			missing(w);
			counts[2]++;
		} else {
			errx(1, "not understood: %s (%u words)", w[0], n);
		}
	}
	if (!first)
		errx(1, "nothing to write");
	finish(argv[1], map, counts);
	return 0;
}
