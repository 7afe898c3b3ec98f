/* The supplementary groups of a user. */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>

#include "ask.h"
#include "entry.h"
#include "names.h"
#include "status.h"

/* glibc's growing array of gids. */
struct list {
	gid_t **groups;
	long *start, *size;
	long limit, before; /* entries that were there when we were called */
	gid_t primary;
};

struct want {
	char key[HB_KEY_MAX + 1];
	size_t length;
	struct list list;
	bool no_memory;
};

static bool grow(struct list *l, long wanted) {
	long size = *l->size;
	gid_t *more;

	if (wanted <= size)
		return true;
	size = size < 8 ? 16 : size * 2;
	if (size < wanted)
		size = wanted;
	if (l->limit > 0 && size > l->limit)
		size = l->limit;
	if (size <= *l->size)
		return true;
	more = realloc(*l->groups, (size_t)size * sizeof(gid_t));
	if (!more)
		return false;
	*l->groups = more;
	*l->size = size;
	return true;
}

/* Ours are distinct among themselves; only what was there before can repeat. */
static bool is_new(const struct list *l, gid_t gid) {
	if (gid == l->primary || hb_id_reserved(gid))
		return false;
	for (long i = 0; i < l->before; i++)
		if ((*l->groups)[i] == gid)
			return false;
	return true;
}

static void append(struct list *l, const uint32_t *gids, size_t count) {
	for (size_t i = 0; i < count && *l->start < *l->size; i++) {
		gid_t gid = le32toh(gids[i]);
		if (is_new(l, gid))
			(*l->groups)[(*l->start)++] = gid;
	}
}

static enum hb_result from_map(struct hb_view *view, void *context) {
	struct want *w = context;
	struct hb_user user;
	uint32_t gids[512];
	enum hb_result result = hb_user_by_name(view, w->key, w->length, &user);

	if (result != HB_FOUND)
		return result;
	if (!grow(&w->list, *w->list.start + (long)user.gids_count)) {
		w->no_memory = true;
		return HB_NONE;
	}
	*w->list.start = w->list.before;
	for (uint32_t done = 0; done < user.gids_count;) {
		uint32_t part = user.gids_count - done;
		if (part > sizeof gids / sizeof *gids)
			part = (uint32_t)(sizeof gids / sizeof *gids);
		result = hb_map_read(user.from, user.gids_at + (uint64_t)done * 4, gids, (size_t)part * 4);
		if (result != HB_FOUND) {
			*w->list.start = w->list.before;
			return result;
		}
		append(&w->list, gids, part);
		done += part;
	}
	return HB_FOUND;
}

static enum hb_result from_reply(struct hb_frame *reply, void *context) {
	struct want *w = context;
	struct hb_bytes packed;
	uint32_t primary;

	if (!hb_read_u32(reply, &primary) || !hb_read_bytes(reply, &packed) || packed.size % 4 != 0)
		return HB_NONE;
	if (!grow(&w->list, *w->list.start + (long)(packed.size / 4))) {
		w->no_memory = true;
		return HB_NONE;
	}
	for (uint32_t i = 0; i < packed.size; i += 4) {
		uint32_t gid;
		__builtin_memcpy(&gid, packed.data + i, 4);
		append(&w->list, &gid, 1);
	}
	return HB_FOUND;
}

enum nss_status _nss_himmelblau_initgroups_dyn(const char *user, gid_t group, long *start, long *size, gid_t **groups, long limit,
	int *errnop) {
	struct want w = {.list = {groups, start, size, limit, *start, group}};
	struct hb_question question;
	struct hb_lookup lookup = {from_map, from_reply, HB_GIDS, &question};
	enum nss_status status;

	if (hb_inside_own_unit())
		return hb_status_of_verdict(HB_NO_DAEMON, errnop);
	w.length = hb_user_key(user, w.key);
	if (w.length == 0 || !hb_ask_name(&question, HB_LOOKUP_GIDS, user))
		return NSS_STATUS_NOTFOUND;
	status = hb_run(&lookup, &w, errnop);
	if (w.no_memory) {
		*errnop = ENOMEM;
		return NSS_STATUS_TRYAGAIN;
	}
	/* Not a directory user: glibc continues, and local groups are kept. */
	return status == NSS_STATUS_SUCCESS && *start == w.list.before ? NSS_STATUS_NOTFOUND : status;
}
