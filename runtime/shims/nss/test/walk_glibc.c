/*
 * walk_glibc NAME UID GID: what a host does with names, through glibc: buffer sizes from one byte up, 16 threads with a fork in the middle,
 * enumeration, group lists. Silent when all is well.
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
#include <unistd.h>

#define CHECK(condition) \
	do { \
		if (!(condition)) \
			errx(1, "%s:%d: %s (errno %d)", __FILE__, __LINE__, #condition, errno); \
	} while (0)

static const char *name;
static uid_t uid;
static gid_t gid;

static void sizes(void) {
	struct passwd p, *pr = NULL;
	struct group g, *gr = NULL;
	for (size_t size = 1; !pr; size++) {
		char *buffer = malloc(size);
		int result = getpwnam_r(name, &p, buffer, size, &pr);
		CHECK(size < 4096 && (pr ? result == 0 && p.pw_uid == uid : result == ERANGE));
		free(buffer);
	}
	for (size_t size = 1; !gr; size++) {
		char *buffer = malloc(size);
		int result = getgrgid_r(gid, &g, buffer, size, &gr);
		CHECK(size < 1 << 20 && (gr ? result == 0 && g.gr_gid == gid : result == ERANGE));
		free(buffer);
	}
}

static void *look(void *unused) {
	char buffer[65536];
	(void)unused;
	for (int i = 0; i < 2000; i++) {
		struct passwd p, *pr;
		struct group g, *gr;
		CHECK(getpwnam_r(name, &p, buffer, sizeof buffer, &pr) == 0 && pr && p.pw_uid == uid);
		CHECK(getpwuid_r(uid, &p, buffer, sizeof buffer, &pr) == 0 && pr && strcmp(p.pw_name, name) == 0);
		CHECK(getgrgid_r(gid, &g, buffer, sizeof buffer, &gr) == 0 && gr);
	}
	return NULL;
}

static void forked(void) {
	for (int i = 0; i < 20; i++) {
		int status;
		pid_t child = fork();
		CHECK(child >= 0);
		if (child == 0) {
			alarm(10);
			char buffer[65536];
			struct passwd p, *pr;
			_exit(getpwnam_r(name, &p, buffer, sizeof buffer, &pr) == 0 && pr ? 0 : 1);
		}
		CHECK(waitpid(child, &status, 0) == child && status == 0);
	}
}

int main(int argc, char **argv) {
	pthread_t threads[16];
	gid_t groups[64];
	int count = 64;
	CHECK(argc == 4);
	name = argv[1];
	uid = (uid_t)strtoul(argv[2], NULL, 10);
	gid = (gid_t)strtoul(argv[3], NULL, 10);
	sizes();
	for (int i = 0; i < 16; i++)
		CHECK(pthread_create(&threads[i], NULL, look, NULL) == 0);
	forked();
	for (int i = 0; i < 16; i++)
		pthread_join(threads[i], NULL);
	bool seen = false;
	setpwent();
	for (struct passwd *p; (p = getpwent());)
		seen = seen || p->pw_uid == uid;
	endpwent();
	CHECK(seen && getspnam(name));
	CHECK(getgrouplist(name, uid, groups, &count) > 0);
	seen = false;
	for (int i = 0; i < count; i++)
		seen = seen || groups[i] == gid;
	CHECK(seen);
	return 0;
}
