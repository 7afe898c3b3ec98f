/* setXXent, getXXent, endXXent: what the map holds, without asking the daemon. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "entry.h"
#include "fill.h"
#include "map_format.h"
#include "names.h"
#include "status.h"
#include "walk.h"

/* One for each database. glibc serialises its own callers; the flag is for everybody else, and nobody waits long for it. */
struct enumeration {
	atomic_flag taken;
	struct hb_walk *walk;
	bool private_groups_now; /* groups: the real ones are through, now users' own */
	bool over;
};

static struct enumeration passwd_state = {.taken = ATOMIC_FLAG_INIT}, group_state = {.taken = ATOMIC_FLAG_INIT},
	shadow_state = {.taken = ATOMIC_FLAG_INIT};

static bool enter(struct enumeration *e, int *cancel) {
	struct timespec pause = {.tv_nsec = 1000000};

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, cancel);
	for (int i = 0; i < 200; i++) {
		if (!atomic_flag_test_and_set(&e->taken))
			return true;
		nanosleep(&pause, NULL);
	}
	pthread_setcancelstate(*cancel, NULL);
	return false;
}

static void leave(struct enumeration *e, int cancel) {
	atomic_flag_clear(&e->taken);
	pthread_setcancelstate(cancel, NULL);
}

static enum nss_status finish(struct enumeration *e) {
	int saved_errno = errno, cancel;

	if (!enter(e, &cancel))
		return NSS_STATUS_TRYAGAIN;
	hb_walk_end(e->walk);
	e->walk = NULL;
	e->private_groups_now = e->over = false;
	leave(e, cancel);
	errno = saved_errno;
	return NSS_STATUS_SUCCESS;
}

static enum nss_status begin(struct enumeration *e) {
	return hb_inside_own_unit() ? NSS_STATUS_UNAVAIL : finish(e);
}

struct target {
	void *result;
	char *buffer;
	size_t size;
};

static enum hb_result next_passwd(struct enumeration *e, const struct target *to) {
	struct hb_user user;
	enum hb_result result = hb_walk_user(e->walk, &user);
	return result == HB_FOUND ? hb_fill_passwd(&user, to->result, to->buffer, to->size) : result;
}

static enum hb_result next_shadow(struct enumeration *e, const struct target *to) {
	struct hb_user user;
	enum hb_result result = hb_walk_user(e->walk, &user);
	return result == HB_FOUND ? hb_fill_shadow(&user, to->result, to->buffer, to->size) : result;
}

static enum hb_result next_group(struct enumeration *e, const struct target *to) {
	struct hb_group group;
	struct hb_user user;
	enum hb_result result;

	if (!e->private_groups_now) {
		result = hb_walk_group(e->walk, &group);
		if (result == HB_FOUND)
			return hb_fill_group(&group, to->result, to->buffer, to->size);
		if (result != HB_NONE)
			return result;
		e->private_groups_now = true;
		hb_walk_restart(e->walk);
	}
	do
		result = hb_walk_user(e->walk, &user);
	while (result == HB_FOUND && !(user.flags & HB_USER_PRIVATE_GROUP));
	return result == HB_FOUND ? hb_fill_private_group(&user, to->result, to->buffer, to->size) : result;
}

static enum nss_status get(struct enumeration *e, enum hb_result (*next)(struct enumeration *, const struct target *),
	const struct target *to, int *errnop) {
	int saved_errno = errno, cancel;
	enum hb_result result = HB_NONE;

	if (hb_inside_own_unit())
		return hb_status_of_verdict(HB_NO_DAEMON, errnop);
	if (!enter(e, &cancel))
		return hb_status_of_verdict(HB_NOT_YET, errnop);
	if (!e->walk && !e->over)
		e->walk = hb_walk_begin();
	if (e->walk)
		result = next(e, to);
	if (result == HB_TOO_SMALL)
		hb_walk_again(e->walk);
	else if (result != HB_FOUND)
		e->over = true;
	leave(e, cancel);
	errno = saved_errno;
	return hb_status(result, errnop);
}

enum nss_status _nss_himmelblau_setpwent(int stay_open) {
	(void)stay_open;
	return begin(&passwd_state);
}

enum nss_status _nss_himmelblau_endpwent(void) {
	return finish(&passwd_state);
}

enum nss_status _nss_himmelblau_getpwent_r(struct passwd *result, char *buffer, size_t size, int *errnop) {
	return get(&passwd_state, next_passwd, &(struct target){result, buffer, size}, errnop);
}

enum nss_status _nss_himmelblau_setgrent(int stay_open) {
	(void)stay_open;
	return begin(&group_state);
}

enum nss_status _nss_himmelblau_endgrent(void) {
	return finish(&group_state);
}

enum nss_status _nss_himmelblau_getgrent_r(struct group *result, char *buffer, size_t size, int *errnop) {
	return get(&group_state, next_group, &(struct target){result, buffer, size}, errnop);
}

enum nss_status _nss_himmelblau_setspent(int stay_open) {
	(void)stay_open;
	return begin(&shadow_state);
}

enum nss_status _nss_himmelblau_endspent(void) {
	return finish(&shadow_state);
}

enum nss_status _nss_himmelblau_getspent_r(struct spwd *result, char *buffer, size_t size, int *errnop) {
	return get(&shadow_state, next_shadow, &(struct target){result, buffer, size}, errnop);
}
