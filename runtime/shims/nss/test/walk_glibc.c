/*
 * walk_glibc NAME UID GID [OBJECT_ID]: what a host does with names, through glibc: buffer sizes from one byte up at every entry point, 16 threads
 * with a fork in the middle, enumeration, group lists. The user is NAME, a member of the group. Silent when all is well. WALK_ROUNDS: of each thread.
 * walk_glibc --miss MILLISECONDS: lookups of all kinds for what nobody knows, none of which finds anything or takes longer.
 */
#include <err.h>
#include <errno.h>
#include <grp.h>
#include <pthread.h>
#include <pwd.h>
#include <shadow.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHECK(condition) \
	do { \
		if (!(condition)) \
			errx(1, "%s:%d: %s (errno %d)", __FILE__, __LINE__, #condition, errno); \
	} while (0)

static const char *name, *object_id;
static uid_t uid;
static gid_t gid;
static int rounds = 2000;

typedef int look(char *buffer, size_t size, bool *found);

static int is_user(int result, const struct passwd *p, bool *found) {
	*found = p != NULL;
	CHECK(!p || (p->pw_uid == uid && strcmp(p->pw_name, name) == 0 && p->pw_dir[0] == '/'));
	return result;
}

static int is_group(int result, const struct group *g, bool *found) {
	*found = g != NULL;
	CHECK(!g || (g->gr_gid == gid && g->gr_name[0]));
	return result;
}

static int by_name(char *buffer, size_t size, bool *found) {
	struct passwd p, *pr = NULL;
	int result = getpwnam_r(name, &p, buffer, size, &pr);
	return is_user(result, pr, found);
}

static int by_uid(char *buffer, size_t size, bool *found) {
	struct passwd p, *pr = NULL;
	int result = getpwuid_r(uid, &p, buffer, size, &pr);
	return is_user(result, pr, found);
}

static int shadow(char *buffer, size_t size, bool *found) {
	struct spwd s, *sr = NULL;
	int result = getspnam_r(name, &s, buffer, size, &sr);
	*found = sr != NULL;
	CHECK(!sr || (strcmp(s.sp_namp, name) == 0 && strcmp(s.sp_pwdp, "x") == 0));
	return result;
}

static int by_gid(char *buffer, size_t size, bool *found) {
	struct group g, *gr = NULL;
	int result = getgrgid_r(gid, &g, buffer, size, &gr);
	return is_group(result, gr, found);
}

static int by_object_id(char *buffer, size_t size, bool *found) {
	struct group g, *gr = NULL;
	int result = getgrnam_r(object_id, &g, buffer, size, &gr);
	return is_group(result, gr, found);
}

static void sizes(const char *what, look *way) {
	bool found = false;
	for (size_t size = 1; !found; size++) {
		char *buffer = malloc(size);
		CHECK(buffer);
		int result = way(buffer, size, &found);
		if (found ? result != 0 : result != ERANGE)
			errx(1, "%s, %zu bytes: %d", what, size, result);
		CHECK(size < 1 << 20);
		free(buffer);
	}
}

static void group_lists(void) {
	for (int room = 0; room < 3; room++) {
		gid_t few[4] = {4711, 4711, 4711, 4711};
		int count = room;
		CHECK(getgrouplist(name, uid, few, &count) == -1 ? count > room : count <= room);
		CHECK(few[room] == 4711);
	}
	gid_t groups[8192];
	int count = 8192, seen = 0;
	CHECK(getgrouplist(name, uid, groups, &count) > 0);
	for (int i = 0; i < count; i++) {
		seen += groups[i] == gid;
		for (int k = 0; k < i; k++)
			CHECK(groups[i] != groups[k]);
	}
	CHECK(seen == 1);
}

static void *busy(void *unused) {
	char buffer[65536];
	(void)unused;
	for (int i = 0; i < rounds; i++) {
		bool found;
		CHECK(by_name(buffer, sizeof buffer, &found) == 0 && found);
		CHECK(by_uid(buffer, sizeof buffer, &found) == 0 && found);
		CHECK(by_gid(buffer, sizeof buffer, &found) == 0 && found);
	}
	return NULL;
}

static void forked(void) {
	for (int i = 0; i < 20; i++) {
		int status;
		pid_t child = fork();
		CHECK(child >= 0);
		if (child == 0) {
			alarm(60); /* Ends a child that waits for a lock of another thread for ever; no limit on slow answers. */
			char buffer[65536];
			bool found;
			_exit(by_name(buffer, sizeof buffer, &found) != 0 || !found ? 2 : by_gid(buffer, sizeof buffer, &found) != 0 || !found ? 3 : 0);
		}
		CHECK(waitpid(child, &status, 0) == child);
		if (status != 0)
			errx(1, "forked child %d: wait status %#x (exit 2: user not found, 3: group not found, signal 14: nothing for 60 s)", i, (unsigned)status);
	}
}

/* With a buffer that is too small before each: none may be passed over. */
static void enumerations(void) {
	char buffer[65536], tiny[2];
	struct passwd p, *pr;
	struct group g, *gr;
	int users = 0, groups = 0, shadows = 0;
	setpwent();
	while (getpwent_r(&p, tiny, sizeof tiny, &pr) == ERANGE && getpwent_r(&p, buffer, sizeof buffer, &pr) == 0)
		users += p.pw_uid == uid;
	endpwent();
	setgrent();
	while (getgrent_r(&g, tiny, sizeof tiny, &gr) == ERANGE && getgrent_r(&g, buffer, sizeof buffer, &gr) == 0)
		groups += g.gr_gid == gid;
	endgrent();
	setspent();
	for (struct spwd *s; (s = getspent());)
		shadows += strcmp(s->sp_namp, name) == 0;
	endspent();
	CHECK(users == 1 && groups == 1 && shadows == 1);
}

static void timed(const char *what, long limit, bool found, const struct timespec *begun) {
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	long took = (now.tv_sec - begun->tv_sec) * 1000 + (now.tv_nsec - begun->tv_nsec) / 1000000;
	if (found || took > limit)
		errx(1, "%s: %s after %ld ms", what, found ? "found" : "nothing", took);
}

static int misses(long limit) {
	static const char *const names[] = {"nobody-of-this-name", "", "-", "a:b", "x@elsewhere.example", "00000000-0000-4000-8000-00000000abcd"};
	struct timespec begun;
	char buffer[4096], word[64];
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct passwd p, *pr = NULL;
		struct group g, *gr = NULL;
		struct spwd s, *sr = NULL;
		snprintf(word, sizeof word, "%s%d", names[i], i ? 0 : (int)getpid());
		clock_gettime(CLOCK_MONOTONIC, &begun);
		getpwnam_r(i == 1 ? "" : word, &p, buffer, sizeof buffer, &pr);
		timed("getpwnam_r", limit, pr, &begun);
		clock_gettime(CLOCK_MONOTONIC, &begun);
		getgrnam_r(names[i], &g, buffer, sizeof buffer, &gr);
		timed("getgrnam_r", limit, gr, &begun);
		clock_gettime(CLOCK_MONOTONIC, &begun);
		getspnam_r(names[i], &s, buffer, sizeof buffer, &sr);
		timed("getspnam_r", limit, sr, &begun);
		clock_gettime(CLOCK_MONOTONIC, &begun);
		getpwuid_r(3900000000u + (uid_t)i, &p, buffer, sizeof buffer, &pr);
		timed("getpwuid_r", limit, pr, &begun);
		clock_gettime(CLOCK_MONOTONIC, &begun);
		getgrgid_r(3900000000u + (gid_t)i, &g, buffer, sizeof buffer, &gr);
		timed("getgrgid_r", limit, gr, &begun);
		gid_t list[64];
		int count = 64;
		clock_gettime(CLOCK_MONOTONIC, &begun);
		getgrouplist(word, 1, list, &count);
		timed("getgrouplist", limit, count > 1, &begun);
	}
	return 0;
}

int main(int argc, char **argv) {
	pthread_t threads[16];
	if (argc == 3 && strcmp(argv[1], "--miss") == 0)
		return misses(atol(argv[2]));
	CHECK(argc == 4 || argc == 5);
	name = argv[1];
	uid = (uid_t)strtoul(argv[2], NULL, 10);
	gid = (gid_t)strtoul(argv[3], NULL, 10);
	object_id = argv[4];
	if (getenv("WALK_ROUNDS"))
		rounds = atoi(getenv("WALK_ROUNDS"));
	sizes("getpwnam_r", by_name);
	sizes("getpwuid_r", by_uid);
	sizes("getspnam_r", shadow);
	sizes("getgrgid_r", by_gid);
	if (object_id)
		sizes("getgrnam_r", by_object_id);
	for (int i = 0; i < 16; i++)
		CHECK(pthread_create(&threads[i], NULL, busy, NULL) == 0);
	forked();
	for (int i = 0; i < 16; i++)
		pthread_join(threads[i], NULL);
	enumerations();
	group_lists();
	return 0;
}
