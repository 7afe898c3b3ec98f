/* passwd and shadow, by name and by uid. */
#include <string.h>

#include "ask.h"
#include "entry.h"
#include "fill.h"
#include "names.h"
#include "status.h"

struct want {
	size_t length; /* of the key; 0: by uid */
	char key[HB_KEY_MAX + 1];
	uint32_t uid;
	struct passwd *passwd; /* or: */
	struct spwd *shadow;
	char *buffer;
	size_t size;
};

static enum hb_result from_map(struct hb_view *view, void *context) {
	struct want *w = context;
	struct hb_user user;
	enum hb_result result = w->length > 0 ? hb_user_by_name(view, w->key, w->length, &user) : hb_user_by_uid(view, w->uid, &user);

	if (result != HB_FOUND)
		return result;
	return w->passwd ? hb_fill_passwd(&user, w->passwd, w->buffer, w->size) : hb_fill_shadow(&user, w->shadow, w->buffer, w->size);
}

static enum hb_result from_reply(struct hb_frame *reply, void *context) {
	struct want *w = context;
	struct hb_texts t;
	uint32_t uid, gid;

	if (!hb_read_text(reply, &t.name) || !hb_read_u32(reply, &uid) || !hb_read_u32(reply, &gid) || !hb_read_text(reply, &t.gecos) ||
		!hb_read_text(reply, &t.directory) || !hb_read_text(reply, &t.shell) || t.name[0] == 0 || hb_id_reserved(uid))
		return HB_NONE;
	return w->passwd ? hb_put_passwd(&t, uid, gid, w->passwd, w->buffer, w->size) : hb_put_shadow(t.name, w->shadow, w->buffer, w->size);
}

static enum nss_status by_name(const char *name, struct want *w, int *errnop) {
	struct hb_question question;
	struct hb_lookup lookup = {from_map, from_reply, HB_PASSWD, &question};

	if (hb_inside_own_unit())
		return hb_status_of_verdict(HB_NO_DAEMON, errnop);
	w->length = hb_user_key(name, w->key);
	if (w->length == 0 || !hb_ask_name(&question, HB_LOOKUP_PASSWD_BY_NAME, name))
		return NSS_STATUS_NOTFOUND;
	return hb_run(&lookup, w, errnop);
}

enum nss_status _nss_himmelblau_getpwnam_r(const char *name, struct passwd *result, char *buffer, size_t size, int *errnop) {
	struct want want;
	want.passwd = result;
	want.shadow = NULL;
	want.buffer = buffer;
	want.size = size;
	return by_name(name, &want, errnop);
}

enum nss_status _nss_himmelblau_getspnam_r(const char *name, struct spwd *result, char *buffer, size_t size, int *errnop) {
	struct want want;
	want.passwd = NULL;
	want.shadow = result;
	want.buffer = buffer;
	want.size = size;
	return by_name(name, &want, errnop);
}

enum nss_status _nss_himmelblau_getpwuid_r(uid_t uid, struct passwd *result, char *buffer, size_t size, int *errnop) {
	struct want want;
	uint8_t raw[4];
	struct hb_question question;
	struct hb_lookup lookup = {from_map, from_reply, HB_PASSWD, &question};

	if (hb_inside_own_unit())
		return hb_status_of_verdict(HB_NO_DAEMON, errnop);
	if (hb_id_reserved(uid))
		return NSS_STATUS_NOTFOUND;
	want.length = 0;
	want.uid = uid;
	want.passwd = result;
	want.buffer = buffer;
	want.size = size;
	hb_ask_number(&question, HB_LOOKUP_PASSWD_BY_UID, raw, uid);
	return hb_run(&lookup, &want, errnop);
}
