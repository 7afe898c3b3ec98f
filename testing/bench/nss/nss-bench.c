/*
 * nss-bench MODULE NAMES UIDS GIDS ROUNDS: times the entry points of an NSS module, one call at a time, and prints one line for each:
 * FUNCTION FOUND P50 P99 (nanoseconds, the clock's own cost taken off). NAMES, UIDS and GIDS are files with one key a line; NAMES may
 * hold names that do not exist. MODULE is an NSS service word, loaded as libnss_MODULE.so.2; "files" is glibc's own.
 */
#include <dlfcn.h>
#include <err.h>
#include <errno.h>
#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef enum nss_status by_name(const char *, void *, char *, size_t, int *);
typedef enum nss_status by_id(uint32_t, void *, char *, size_t, int *);
typedef enum nss_status groups_of(const char *, gid_t, long *, long *, gid_t **, long, int *);

static char buffer[1 << 22];
static void *module;
static const char *service;

static void *entry(const char *function) {
	char symbol[128];
	snprintf(symbol, sizeof symbol, "_nss_%s_%s", service, function);
	return dlsym(module, symbol);
}

static char **lines(const char *path, size_t *count) {
	FILE *file = fopen(path, "r");
	char *line = NULL, **all = NULL;
	size_t room = 0, n = 0;
	if (!file)
		err(1, "%s", path);
	while (getline(&line, &room, file) > 0) {
		line[strcspn(line, "\n")] = 0;
		all = realloc(all, (n + 1) * sizeof *all);
		all[n++] = strdup(line);
	}
	fclose(file);
	*count = n;
	return all;
}

static uint64_t now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return x < y ? -1 : x > y;
}

static uint64_t clock_cost(void) {
	uint64_t best = UINT64_MAX;
	for (int i = 0; i < 10000; i++) {
		uint64_t a = now(), b = now();
		if (b - a < best)
			best = b - a;
	}
	return best;
}

/* One call of whichever function; 1 when it found something. */
static int call(const char *function, void *f, const char *key) {
	union { struct passwd p; struct group g; } result;
	int e = 0;
	if (strcmp(function, "initgroups_dyn") == 0) {
		static gid_t *list;
		static long size;
		long start = 1;
		if (!list)
			list = malloc((size_t)(size = 65536) * sizeof *list);
		list[0] = 0;
		return ((groups_of *)f)(key, 0, &start, &size, &list, -1, &e) == NSS_STATUS_SUCCESS;
	}
	if (strstr(function, "nam_r"))
		return ((by_name *)f)(key, &result, buffer, sizeof buffer, &e) == NSS_STATUS_SUCCESS;
	return ((by_id *)f)((uint32_t)strtoul(key, NULL, 10), &result, buffer, sizeof buffer, &e) == NSS_STATUS_SUCCESS;
}

static void measure(const char *function, char **keys, size_t count, unsigned rounds, uint64_t cost) {
	void *f = entry(function);
	uint32_t *times = malloc(sizeof *times * count * rounds);
	size_t n = 0, found = 0;
	if (!f || !times) {
		printf("%s - - -\n", function);
		return;
	}
	for (size_t i = 0; i < count; i++)
		call(function, f, keys[i]);
	for (unsigned r = 0; r < rounds; r++)
		for (size_t i = 0; i < count; i++) {
			const char *key = keys[(i * 7919 + r) % count];
			uint64_t begun = now();
			found += (size_t)call(function, f, key);
			uint64_t took = now() - begun;
			times[n++] = (uint32_t)(took > cost ? took - cost : 0);
		}
	qsort(times, n, sizeof *times, ascending);
	printf("%s %zu%% %u %u\n", function, 100 * found / n, times[n / 2], times[n * 99 / 100]);
	free(times);
}

int main(int argc, char **argv) {
	char library[128];
	size_t names, uids, gids;
	if (argc != 6)
		errx(2, "usage: nss-bench MODULE NAMES UIDS GIDS ROUNDS");
	service = argv[1];
	snprintf(library, sizeof library, strcmp(service, "files") == 0 ? "libc.so.6" : "libnss_%s.so.2", service);
	module = dlopen(library, RTLD_NOW);
	if (!module)
		errx(1, "%s", dlerror());
	char **name = lines(argv[2], &names), **uid = lines(argv[3], &uids), **gid = lines(argv[4], &gids);
	unsigned rounds = (unsigned)atoi(argv[5]);
	uint64_t cost = clock_cost();
	measure("getpwnam_r", name, names, rounds, cost);
	measure("getpwuid_r", uid, uids, rounds, cost);
	measure("getgrgid_r", gid, gids, rounds, cost);
	measure("initgroups_dyn", name, names, rounds, cost);
	return 0;
}
