#include "walk.h"

#include <stdlib.h>

#include "map_record.h"

struct hb_walk {
	struct hb_view view;
	bool in_base; /* first the delta, then the base */
	uint64_t offset;   /* within the section */
	bool before_in_base;
	uint64_t before;
};

static void close_files(struct hb_view *view) {
	hb_read_end(&view->base);
	hb_read_end(&view->delta);
	hb_map_close(view->base.map);
	hb_map_close(view->delta.map);
	view->base.map = view->delta.map = NULL;
}

static bool open_files(struct hb_view *view) {
	hb_read_begin(&view->base, NULL);
	hb_read_begin(&view->delta, NULL);
	for (int i = 0; i < 3; i++) {
		struct hb_map *base = NULL, *delta = NULL;
		struct hb_file_id id;
		enum hb_result result = hb_map_open(HB_DELTA_PATH, HB_KIND_DELTA, true, &delta, &id);

		hb_read_begin(&view->delta, delta);
		if (result == HB_DAMAGED)
			return false;
		result = hb_map_open(HB_BASE_PATH, HB_KIND_BASE, true, &base, &id);
		hb_read_begin(&view->base, base);
		if (result == HB_FOUND && (!delta || delta->base_generation == base->generation))
			return true;
		if (result == HB_FOUND && i == 2) {
			hb_map_close(delta);
			hb_read_begin(&view->delta, NULL);
			return true;
		}
		close_files(view);
	}
	return false;
}

struct hb_walk *hb_walk_begin(void) {
	struct hb_walk *walk = calloc(1, sizeof *walk);

	if (walk && !open_files(&walk->view)) {
		close_files(&walk->view);
		free(walk);
		walk = NULL;
	}
	if (walk)
		hb_walk_restart(walk);
	return walk;
}

void hb_walk_end(struct hb_walk *walk) {
	if (walk)
		close_files(&walk->view);
	free(walk);
}

void hb_walk_restart(struct hb_walk *walk) {
	walk->in_base = walk->view.delta.map == NULL;
	walk->offset = 0;
}

void hb_walk_again(struct hb_walk *walk) {
	walk->in_base = walk->before_in_base;
	walk->offset = walk->before;
}

/* The next record of a kind in a section, in whichever file it stands. */
static enum hb_result next(struct hb_walk *w, enum hb_section section, uint32_t kind, struct hb_read **from, uint64_t *at) {
	for (;;) {
		struct hb_read *read = w->in_base ? &w->view.base : &w->view.delta;
		const struct hb_map_section *s = &read->map->section[section];
		uint8_t head[8];
		uint32_t length;
		enum hb_result result;

		if (w->offset >= s->count) {
			if (w->in_base)
				return HB_NONE;
			w->in_base = true;
			w->offset = 0;
			continue;
		}
		*from = read;
		*at = s->offset + w->offset;
		result = hb_map_read(read, *at, head, sizeof head);
		if (result != HB_FOUND)
			return result;
		length = hb_get32(head + HB_R_LENGTH);
		if (length < sizeof head || length % 8 != 0)
			return HB_DAMAGED;
		w->before_in_base = w->in_base;
		w->before = w->offset;
		w->offset += length;
		if (hb_get32(head + HB_R_KIND) == kind)
			return HB_FOUND;
	}
}

enum hb_result hb_walk_user(struct hb_walk *w, struct hb_user *user) {
	struct hb_read *from;
	struct hb_user overruling;
	uint64_t at;

	for (;;) {
		enum hb_result result = next(w, HB_USERS, HB_REC_USER, &from, &at);
		if (result == HB_FOUND)
			result = hb_user_at(from, at, user);
		if (result != HB_FOUND)
			return result;
		if (user->flags & (HB_USER_REMOVED | HB_USER_HIDDEN))
			continue;
		if (from == &w->view.base && w->view.delta.map) {
			result = hb_map_uid(&w->view.delta, user->uid, &overruling);
			if (result == HB_FOUND)
				continue;
			if (result != HB_MISS && result != HB_NONE)
				return result;
		}
		return HB_FOUND;
	}
}

enum hb_result hb_walk_group(struct hb_walk *w, struct hb_group *group) {
	struct hb_read *from;
	struct hb_group other;
	uint64_t at;

	for (;;) {
		enum hb_result result = next(w, HB_GROUPS, HB_REC_GROUP, &from, &at);
		if (result == HB_FOUND)
			result = hb_group_at(from, at, group);
		if (result != HB_FOUND)
			return result;
		if (from == &w->view.base) {
			if (!w->view.delta.map)
				return HB_FOUND;
			result = hb_map_gid(&w->view.delta, group->gid, &other);
			if (result == HB_FOUND)
				continue;
			return result == HB_MISS || result == HB_NONE ? HB_FOUND : result;
		}
		result = hb_group_by_gid(&w->view, group->gid, group);
		if (result != HB_MISS && result != HB_NONE)
			return result;
	}
}
