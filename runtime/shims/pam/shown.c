#include "shown.h"

#include <string.h>

#include "map.h"

const char SHOWN_LOCAL_NAMES[] = HB_MAP_DIRECTORY "/local-names";

struct want {
	const char *name;
	uid_t *uid;
};

static enum hb_result find(struct hb_view *view, void *context)
{
	const struct want *want = context;
	struct hb_user user;
	char key[256];
	size_t length = strlen(want->name);

	if (length == 0 || length >= sizeof key)
		return HB_MISS;
	/* The map's keys are folded; what is beyond ASCII the daemon has folded in the name it gave. */
	for (size_t i = 0; i < length; i++)
		key[i] = want->name[i] >= 'A' && want->name[i] <= 'Z' ? (char)(want->name[i] + 32) : want->name[i];
	enum hb_result result = hb_user_by_name(view, key, length, &user);
	if (result == HB_FOUND)
		*want->uid = user.uid;
	return result;
}

bool shown_uid(const char *name, uid_t *uid)
{
	struct want want = { .name = name, .uid = uid };

	return hb_with_map(find, &want) == HB_FOUND;
}

static enum hb_result has_uid(struct hb_view *view, void *context)
{
	struct hb_user user;

	return hb_user_by_uid(view, *(const uid_t *)context, &user);
}

bool shown_has_uid(uid_t uid)
{
	enum hb_result result = hb_with_map(has_uid, &uid);

	return result == HB_FOUND || result == HB_DAMAGED;
}
