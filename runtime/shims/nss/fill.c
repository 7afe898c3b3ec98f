#include "fill.h"

#include <string.h>

#include "map_format.h"

static void shadow_defaults(struct spwd *to) {
	to->sp_lstchg = -1;
	to->sp_min = 0;
	to->sp_max = 99999;
	to->sp_warn = 7;
	to->sp_inact = -1;
	to->sp_expire = -1;
	to->sp_flag = 0;
}

enum hb_result hb_fill_passwd(struct hb_user *p, struct passwd *to, char *buffer, size_t size) {
	enum hb_result result;
	char *password = buffer + p->name + 1, *gecos = password + 2, *directory = gecos + p->gecos + 1, *shell = directory + p->directory + 1;

	if (size < p->text)
		return HB_TOO_SMALL;
	result = hb_map_read(p->from, p->at + HB_P_SIZE, buffer, p->text);
	if (result != HB_FOUND)
		return result;
	/* The file's own terminators are not relied upon. */
	password[-1] = gecos[-1] = directory[-1] = shell[-1] = shell[p->shell] = 0;
	password[0] = 'x';
	to->pw_name = buffer;
	to->pw_passwd = password;
	to->pw_uid = p->uid;
	to->pw_gid = p->gid;
	to->pw_gecos = gecos;
	to->pw_dir = directory;
	to->pw_shell = shell;
	return HB_FOUND;
}

enum hb_result hb_fill_shadow(struct hb_user *p, struct spwd *to, char *buffer, size_t size) {
	enum hb_result result;

	if (size < (size_t)p->name + 3)
		return HB_TOO_SMALL;
	result = hb_map_read(p->from, p->at + HB_P_SIZE, buffer, p->name);
	if (result != HB_FOUND)
		return result;
	memcpy(buffer + p->name, "\0x", 3);
	to->sp_namp = buffer;
	to->sp_pwdp = buffer + p->name + 1;
	shadow_defaults(to);
	return HB_FOUND;
}

/* Buffer of a group: the pointers (aligned), then the members, the name and the password. NULL: too small. */
static char **lay_out(char *buffer, size_t size, size_t name, uint64_t count, uint64_t bytes, char **texts) {
	size_t pad = (size_t)(-(uintptr_t)buffer % _Alignof(char *));
	uint64_t need = pad + (count + 1) * sizeof(char *) + bytes + name + 3;

	if (size < need)
		return NULL;
	*texts = buffer + pad + (count + 1) * sizeof(char *);
	return (char **)(void *)(buffer + pad);
}

/* A bit at the top of each byte that is NUL. */
static uint64_t nuls(uint64_t word) {
	const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
	return ~(((word & low) + low) | word | low);
}

/*
 * Sets the pointers over texts that lie one after the other, eight bytes at a time: groups are large.
 * False when there are not just as many as announced.
 */
static bool point_at(char **list, char *texts, uint64_t count, uint64_t bytes) {
	uint64_t found = 0, at = 0;

	if (count == 0) {
		list[0] = NULL;
		return bytes == 0;
	}
	list[0] = texts;
	for (; at + 8 <= bytes; at += 8)
		for (uint64_t ends = nuls(hb_get64((uint8_t *)texts + at)); ends != 0; ends &= ends - 1) {
			if (++found > count)
				return false;
			list[found] = texts + at + (unsigned)__builtin_ctzll(ends) / 8 + 1;
		}
	for (; at < bytes; at++)
		if (texts[at] == 0) {
			if (++found > count)
				return false;
			list[found] = texts + at + 1;
		}
	if (found != count || texts[bytes - 1] != 0)
		return false;
	list[count] = NULL;
	return true;
}

static void finish_group(struct group *to, uint32_t gid, char **list, char *name, size_t length) {
	memcpy(name + length, "\0x", 3);
	to->gr_name = name;
	to->gr_passwd = name + length + 1;
	to->gr_gid = gid;
	to->gr_mem = list;
}

enum hb_result hb_fill_group(struct hb_group *g, struct group *to, char *buffer, size_t size) {
	uint64_t count = (uint64_t)g->members[0].count + g->members[1].count;
	uint64_t bytes = (uint64_t)g->members[0].bytes + g->members[1].bytes;
	char *texts, *at, **list = lay_out(buffer, size, g->name, count, bytes, &texts);
	enum hb_result result;

	if (!list)
		return HB_TOO_SMALL;
	at = texts;
	for (int i = 0; i < 2; i++) {
		struct hb_members *m = &g->members[i];
		if (!m->from || m->bytes == 0)
			continue;
		result = hb_map_read(m->from, m->at, at, m->bytes);
		if (result != HB_FOUND)
			return result;
		at += m->bytes;
	}
	result = hb_map_read(g->from, g->at + HB_G_SIZE, at, g->name);
	if (result != HB_FOUND)
		return result;
	if (!point_at(list, texts, count, bytes))
		return HB_DAMAGED;
	finish_group(to, g->gid, list, at, g->name);
	return HB_FOUND;
}

enum hb_result hb_fill_private_group(struct hb_user *p, struct group *to, char *buffer, size_t size) {
	char *texts, **list = lay_out(buffer, size, p->name, 1, (uint64_t)p->name + 1, &texts);
	enum hb_result result;

	if (!list)
		return HB_TOO_SMALL;
	result = hb_map_read(p->from, p->at + HB_P_SIZE, texts, p->name);
	if (result != HB_FOUND)
		return result;
	texts[p->name] = 0;
	list[0] = texts;
	list[1] = NULL;
	memcpy(texts + p->name + 1, texts, p->name);
	finish_group(to, p->uid, list, texts + p->name + 1, p->name);
	return HB_FOUND;
}

static char *put(char **at, const char *text) {
	size_t length = strlen(text) + 1;
	char *start = memcpy(*at, text, length);
	*at += length;
	return start;
}

enum hb_result hb_put_passwd(const struct hb_texts *t, uint32_t uid, uint32_t gid, struct passwd *to, char *buffer, size_t size) {
	if (size < strlen(t->name) + strlen(t->gecos) + strlen(t->directory) + strlen(t->shell) + 6)
		return HB_TOO_SMALL;
	to->pw_name = put(&buffer, t->name);
	to->pw_passwd = put(&buffer, "x");
	to->pw_uid = uid;
	to->pw_gid = gid;
	to->pw_gecos = put(&buffer, t->gecos);
	to->pw_dir = put(&buffer, t->directory);
	to->pw_shell = put(&buffer, t->shell);
	return HB_FOUND;
}

enum hb_result hb_put_shadow(const char *name, struct spwd *to, char *buffer, size_t size) {
	if (size < strlen(name) + 3)
		return HB_TOO_SMALL;
	to->sp_namp = put(&buffer, name);
	to->sp_pwdp = put(&buffer, "x");
	shadow_defaults(to);
	return HB_FOUND;
}

enum hb_result hb_put_group(const char *name, uint32_t gid, const char *members, uint32_t count, size_t bytes, struct group *to,
	char *buffer, size_t size) {
	size_t length = strlen(name);
	char *texts, **list = lay_out(buffer, size, length, count, bytes, &texts);

	if (!list)
		return HB_TOO_SMALL;
	if (bytes > 0)
		memcpy(texts, members, bytes);
	if (!point_at(list, texts, count, bytes))
		return HB_DAMAGED;
	memcpy(texts + bytes, name, length);
	finish_group(to, gid, list, texts + bytes, length);
	return HB_FOUND;
}
