/* A map directory of the test's own (relative: each test works in its own folder), and the entry points with a buffer around them. */
#ifndef HB_TEST_CHECK_H
#define HB_TEST_CHECK_H

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "entry.h"

#define CHECK(condition) \
	do { \
		if (!(condition)) \
			errx(1, "%s:%d: %s", __FILE__, __LINE__, #condition); \
	} while (0)

__attribute__((unused)) static char answer_buffer[1 << 16];
static int answer_errno;

__attribute__((unused)) static inline struct passwd *by_name(const char *name, enum nss_status *status) {
	static struct passwd result;
	answer_errno = 0;
	*status = _nss_himmelblau_getpwnam_r(name, &result, answer_buffer, sizeof answer_buffer, &answer_errno);
	return *status == NSS_STATUS_SUCCESS ? &result : NULL;
}

__attribute__((unused)) static inline enum nss_status name_status(const char *name) {
	enum nss_status status;
	by_name(name, &status);
	return status;
}

__attribute__((unused)) static inline struct passwd *by_uid(uid_t uid) {
	static struct passwd result;
	return _nss_himmelblau_getpwuid_r(uid, &result, answer_buffer, sizeof answer_buffer, &answer_errno) == NSS_STATUS_SUCCESS ? &result : NULL;
}

__attribute__((unused)) static inline struct group *group_by_gid(gid_t gid) {
	static struct group result;
	return _nss_himmelblau_getgrgid_r(gid, &result, answer_buffer, sizeof answer_buffer, &answer_errno) == NSS_STATUS_SUCCESS ? &result : NULL;
}

__attribute__((unused)) static inline struct group *group_by_name(const char *name) {
	static struct group result;
	return _nss_himmelblau_getgrnam_r(name, &result, answer_buffer, sizeof answer_buffer, &answer_errno) == NSS_STATUS_SUCCESS ? &result : NULL;
}

__attribute__((unused)) static inline size_t load(const char *path, uint8_t *to, size_t room) {
	FILE *file = fopen(path, "rb");
	size_t size;
	if (!file)
		err(1, "%s", path);
	size = fread(to, 1, room, file);
	fclose(file);
	return size;
}

/* As the daemon does: beside, then renamed over. */
__attribute__((unused)) static inline void install(const char *name, const void *data, size_t size) {
	char path[64];
	FILE *file = fopen("nss/new", "wb");
	if (!file || fwrite(data, 1, size, file) != size || fclose(file) != 0)
		err(1, "nss/new");
	snprintf(path, sizeof path, "nss/%s", name);
	if (rename("nss/new", path) != 0)
		err(1, "%s", path);
}

static char own_folder[] = "/tmp/himmelblau-nss-XXXXXX";
static pid_t own_process;

static inline int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *where) {
	(void)status, (void)kind, (void)where;
	return remove(path);
}

/* Not in a child that a test has forked. */
static inline void leave_own_folder(void) {
	if (getpid() == own_process)
		(void)nftw(own_folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

__attribute__((unused)) static inline void enter_own_folder(void) {
	if (!mkdtemp(own_folder) || chdir(own_folder) != 0 || mkdir("nss", 0755) != 0)
		err(1, "%s", own_folder);
	own_process = getpid();
	if (atexit(leave_own_folder) != 0)
		errx(1, "atexit");
}

/* A replaced file is noticed after 50 ms at the latest; the tests look until then. */
#define EVENTUALLY(condition) \
	do { \
		bool seen = false; \
		for (int round = 0; round < 200 && !(seen = (condition)); round++) \
			usleep(2000); \
		if (!seen) \
			errx(1, "%s:%d: never: %s", __FILE__, __LINE__, #condition); \
	} while (0)

#endif
