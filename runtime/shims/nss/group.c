/* group by gid, by object id, and the group of one's own by its user's name; never by display name. */
#include <string.h>

#include "ask.h"
#include "entry.h"
#include "fill.h"
#include "map_format.h"
#include "names.h"
#include "status.h"

struct want {
	const char *name; /* NULL: by gid */
	const char *key;  /* the user's, or NULL when the name is an object id */
	size_t length;
	uint8_t object[16];
	uint32_t gid;
	struct group *group;
	char *buffer;
	size_t size;
};

static enum hb_result private_group(struct hb_user *user, struct want *w) {
	return user->flags & HB_USER_PRIVATE_GROUP ? hb_fill_private_group(user, w->group, w->buffer, w->size) : HB_MISS;
}

static enum hb_result by_gid(struct hb_view *view, struct want *w) {
	struct hb_group group;
	struct hb_user user;
	enum hb_result result = hb_group_by_gid(view, w->gid, &group);

	if (result == HB_FOUND)
		return hb_fill_group(&group, w->group, w->buffer, w->size);
	if (result != HB_MISS)
		return result;
	result = hb_user_by_uid(view, w->gid, &user);
	return result == HB_FOUND ? private_group(&user, w) : result == HB_NONE ? HB_MISS : result;
}

/* The display name may be asked for as if it were an id; the name of a group may look like one. */
static enum hb_result by_object(struct hb_view *view, struct want *w) {
	struct hb_group group;
	enum hb_result result = hb_group_by_object(view, w->object, &group);
	char shown[37];

	if (result != HB_FOUND)
		return result;
	if (group.name == 36 && !(group.flags & HB_GROUP_NAME_IS_ID)) {
		result = hb_map_read(group.from, group.at + HB_G_SIZE, shown, 36);
		if (result != HB_FOUND)
			return result;
		shown[36] = 0;
		if (strcasecmp(shown, w->name) == 0)
			return HB_NONE;
	}
	return hb_fill_group(&group, w->group, w->buffer, w->size);
}

static enum hb_result from_map(struct hb_view *view, void *context) {
	struct want *w = context;
	struct hb_user user;
	enum hb_result result;

	if (!w->name)
		return by_gid(view, w);
	if (!w->key)
		return by_object(view, w);
	result = hb_user_by_name(view, w->key, w->length, &user);
	if (result != HB_FOUND)
		return result;
	/* A user without a group of their own: no other group can have this name. */
	result = private_group(&user, w);
	return result == HB_MISS ? HB_NONE : result;
}

static enum hb_result from_reply(struct hb_frame *reply, void *context) {
	struct want *w = context;
	const char *name;
	char *members = NULL, *at = NULL;
	uint32_t gid, count = 0;
	struct hb_bytes member;

	if (!hb_read_text(reply, &name) || !hb_read_u32(reply, &gid) || name[0] == 0 || hb_id_reserved(gid))
		return HB_NONE;
	/* The members are gathered in the frame's own memory, each over its length word, which makes room for its NUL. */
	while (hb_read_bytes(reply, &member)) {
		if (!hb_utf8_valid(member.data, member.size))
			return HB_NONE;
		if (!members)
			members = at = (char *)(uintptr_t)member.data - 4;
		memmove(at, member.data, member.size);
		at[member.size] = 0;
		at += member.size + 1;
		count++;
	}
	if (reply->failed && reply->left > 0)
		return HB_NONE;
	return hb_put_group(name, gid, members, count, (size_t)(at - members), w->group, w->buffer, w->size);
}

enum nss_status _nss_himmelblau_getgrnam_r(const char *name, struct group *result, char *buffer, size_t size, int *errnop) {
	struct want want = {.name = name, .group = result, .buffer = buffer, .size = size};
	char key[HB_KEY_MAX + 1];
	struct hb_question question;
	struct hb_lookup lookup = {from_map, from_reply, HB_GROUP, &question};

	if (hb_inside_own_unit())
		return hb_status_of_verdict(HB_NO_DAEMON, errnop);
	want.length = hb_user_key(name, key);
	if (want.length == 0 || !hb_ask_name(&question, HB_LOOKUP_GROUP_BY_NAME, name))
		return NSS_STATUS_NOTFOUND;
	want.key = hb_parse_object_id(name, want.object) ? NULL : key;
	return hb_run(&lookup, &want, errnop);
}

enum nss_status _nss_himmelblau_getgrgid_r(gid_t gid, struct group *result, char *buffer, size_t size, int *errnop) {
	struct want want = {.gid = gid, .group = result, .buffer = buffer, .size = size};
	uint8_t raw[4];
	struct hb_question question;
	struct hb_lookup lookup = {from_map, from_reply, HB_GROUP, &question};

	if (hb_inside_own_unit())
		return hb_status_of_verdict(HB_NO_DAEMON, errnop);
	if (hb_id_reserved(gid))
		return NSS_STATUS_NOTFOUND;
	hb_ask_number(&question, HB_LOOKUP_GROUP_BY_GID, raw, gid);
	return hb_run(&lookup, &want, errnop);
}
