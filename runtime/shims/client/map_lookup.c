/* Base and delta as one map: what the delta says wins, and a base record whose number the delta knows is dead. */
#include "map_record.h"

static bool failed(enum hb_result result) {
	return result != HB_FOUND && result != HB_NONE && result != HB_MISS;
}

/* A record found in the base: HB_FOUND when the delta does not overrule it, else HB_MISS. */
static enum hb_result unless_user_in_delta(struct hb_view *view, uint32_t uid) {
	struct hb_user overruling;
	enum hb_result result;

	if (!view->delta.map)
		return HB_FOUND;
	result = hb_map_uid(&view->delta, uid, &overruling);
	if (failed(result))
		return result;
	return result == HB_FOUND ? HB_MISS : HB_FOUND;
}

static enum hb_result unless_group_in_delta(struct hb_view *view, uint32_t gid) {
	struct hb_group overruling;
	enum hb_result result;

	if (!view->delta.map)
		return HB_FOUND;
	result = hb_map_gid(&view->delta, gid, &overruling);
	if (failed(result))
		return result;
	return result == HB_FOUND ? HB_MISS : HB_FOUND;
}

enum hb_result hb_user_by_name(struct hb_view *view, const char *key, size_t length, struct hb_user *user) {
	enum hb_result result;

	if (view->delta.map) {
		result = hb_map_name(&view->delta, key, length, user);
		if (result == HB_FOUND && (user->flags & HB_USER_REMOVED))
			return HB_MISS;
		if (result != HB_MISS)
			return result;
	}
	result = hb_map_name(&view->base, key, length, user);
	return result == HB_FOUND ? unless_user_in_delta(view, user->uid) : result;
}

enum hb_result hb_user_by_uid(struct hb_view *view, uint32_t uid, struct hb_user *user) {
	if (view->delta.map) {
		enum hb_result result = hb_map_uid(&view->delta, uid, user);
		if (result == HB_FOUND && (user->flags & HB_USER_REMOVED))
			return HB_MISS;
		if (result != HB_MISS)
			return result;
	}
	return hb_map_uid(&view->base, uid, user);
}

/* A group from the delta: perhaps gone, perhaps only more members for the base's. */
static enum hb_result settle(struct hb_view *view, struct hb_group *group) {
	struct hb_group below;
	enum hb_result result;

	if (group->flags & HB_GROUP_REMOVED)
		return HB_MISS;
	if (!(group->flags & HB_GROUP_EXTENDS))
		return HB_FOUND;
	result = hb_map_gid(&view->base, group->gid, &below);
	if (result == HB_FOUND)
		group->members[1] = below.members[0];
	return failed(result) ? result : HB_FOUND;
}

enum hb_result hb_group_by_gid(struct hb_view *view, uint32_t gid, struct hb_group *group) {
	if (view->delta.map) {
		enum hb_result result = hb_map_gid(&view->delta, gid, group);
		if (result == HB_FOUND)
			return settle(view, group);
		if (result != HB_MISS)
			return result;
	}
	return hb_map_gid(&view->base, gid, group);
}

enum hb_result hb_group_by_object(struct hb_view *view, const uint8_t object[HB_OBJECT_ID], struct hb_group *group) {
	enum hb_result result;

	if (view->delta.map) {
		result = hb_map_object(&view->delta, object, group);
		if (result == HB_FOUND)
			return settle(view, group);
		if (result != HB_MISS)
			return result;
	}
	result = hb_map_object(&view->base, object, group);
	return result == HB_FOUND ? unless_group_in_delta(view, group->gid) : result;
}
