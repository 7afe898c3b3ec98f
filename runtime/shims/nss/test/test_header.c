/* Headers that say what cannot be, under sums that are right; files of other versions, of an older generation, or that may not be read. */
#include <grp.h>
#include <sys/wait.h>

#include "map.h"
#include "map_file.h"
#include "sealed.h"

static uint8_t good[1 << 17], bad[1 << 17], file[1 << 17], later[1 << 17];
static size_t good_size, file_size, later_size;

static void right_or_nothing(void) {
	enum nss_status status;
	struct passwd *p = by_name("user02", &status);
	CHECK(p ? p->pw_uid == 773235643 && strcmp(p->pw_dir, "/home/user02") == 0 : status != NSS_STATUS_SUCCESS);
	p = by_uid(680773750);
	CHECK(!p || strcmp(p->pw_name, "user01") == 0 || strcmp(p->pw_name, "user-one") == 0); /* the delta renames them */
	struct group *g = group_by_gid(145696387);
	CHECK(!g || (strcmp(g->gr_name, "datengruppe") == 0 && strncmp(g->gr_mem[0], "user0", 5) == 0));
	g = group_by_name("bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6");
	CHECK(!g || g->gr_gid == 145696387);
	CHECK(!group_by_name("datengruppe"));
	struct passwd one;
	int e, count = 0;
	_nss_himmelblau_setpwent(0);
	while (_nss_himmelblau_getpwent_r(&one, answer_buffer, sizeof answer_buffer, &e) == NSS_STATUS_SUCCESS)
		CHECK(count++ < 10 && strncmp(one.pw_name, "user", 4) == 0);
	_nss_himmelblau_endpwent();
}

/* In a process of its own: a fault or a hang is that one's. */
static void apart(void (*look)(void)) {
	int status;
	pid_t child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		alarm(20);
		look();
		_exit(0);
	}
	CHECK(waitpid(child, &status, 0) == child && status == 0);
}

static void no_map(void) {
	CHECK(name_status("user02") == NSS_STATUS_UNAVAIL);
}

static void there(void) {
	CHECK(name_status("user02") == NSS_STATUS_SUCCESS);
}

static void field(size_t at, size_t width, uint64_t value, void (*look)(void)) {
	memcpy(bad, good, good_size);
	for (size_t i = 0; i < width; i++)
		bad[at + i] = (uint8_t)(value >> 8 * i);
	write_map("nss/map", bad, good_size);
	apart(look);
}

static void each_field(void) {
	static const struct { size_t at, width; } fields[] = {
		{HB_H_MAGIC, 8}, {HB_H_VERSION, 4}, {HB_H_HEADER_SIZE, 4}, {HB_H_KIND, 4}, {HB_H_FLAGS, 4}, {HB_H_GENERATION, 8},
		{HB_H_BASE_GENERATION, 8}, {HB_H_SIZE, 8}, {HB_H_BLOCKS, 8}, {HB_H_SEED, 8}, {HB_H_CREATED, 8}, {HB_H_VALID_UNTIL, 8},
		{HB_H_USERS, 8}, {HB_H_GROUPS, 8}, {HB_H_NEGATIVES, 8}, {HB_H_RESERVED, 8},
	};
	for (size_t i = 0; i < sizeof fields / sizeof *fields + 2 * HB_SECTIONS; i++) {
		size_t own = sizeof fields / sizeof *fields;
		size_t at = i < own ? fields[i].at : HB_H_SECTIONS + 8 * (i - own), width = i < own ? fields[i].width : 8;
		uint64_t is = width == 8 ? hb_get64(good + at) : hb_get32(good + at);
		const uint64_t values[] = {
			0, 1, 2, 7, 8, is - 8, is - 1, is + 1, is + 8, is * 2, is ^ 0x80000000u, 255, 4088, 4096, 0x7fffffff, 0xffffffff, UINT64_C(1) << 32,
			INT64_MAX, UINT64_MAX, UINT64_MAX - 7, UINT64_MAX / 8, UINT64_MAX / 16 + 1, good_size, good_size - 8, good_size + 8,
		};
		for (size_t v = 0; v < sizeof values / sizeof *values; v++)
			field(at, width, values[v], right_or_nothing);
	}
}

static void other_versions(void) {
	field(HB_H_VERSION, 4, HB_VERSION - 1, no_map);
	field(HB_H_VERSION, 4, HB_VERSION + 1, no_map);
	field(HB_H_KIND, 4, HB_KIND_DELTA, no_map);
	field(HB_H_KIND, 4, 3, no_map);
	field(HB_H_VALID_UNTIL, 8, 1000000000, no_map); /* long past */
	field(HB_H_BLOCKS, 8, UINT64_MAX / 4096, no_map);
	field(HB_H_SIZE, 8, UINT64_MAX, no_map);
}

/* A file of before is put back (a backup) while one reads: what it says counts again, and what only the newer one knew is not there. */
static void older_generation(void) {
	install("map", file, file_size);
	install("delta", later, later_size);
	EVENTUALLY(name_status("user03") == NSS_STATUS_SUCCESS);
	memcpy(bad, good, good_size);
	put64(bad + HB_H_GENERATION, 3);
	put64(bad + HB_H_BASE_GENERATION, 3);
	write_map("nss/new", bad, good_size);
	CHECK(rename("nss/new", "nss/map") == 0);
	for (int i = 0; i < 100; i++) {
		right_or_nothing();
		usleep(1000);
	}
	unlink("nss/delta");
	EVENTUALLY(name_status("user02") == NSS_STATUS_SUCCESS && name_status("user03") != NSS_STATUS_SUCCESS);
	right_or_nothing();
}

static void as_nobody(void) {
	CHECK(setgroups(0, NULL) == 0 && setgid(65534) == 0 && setuid(65534) == 0);
	no_map();
	right_or_nothing();
}

static void readable_again(void) {
	CHECK(setgroups(0, NULL) == 0 && setgid(65534) == 0 && setuid(65534) == 0);
	CHECK(name_status("user02") == NSS_STATUS_SUCCESS);
}

static void unreadable(void) {
	if (getuid() != 0)
		return; /* only root can change its uid */
	CHECK(chmod(".", 0755) == 0);
	install("map", file, file_size);
	apart(readable_again);
	CHECK(chmod("nss/map", 0) == 0);
	apart(as_nobody);
	CHECK(chmod("nss/map", 0644) == 0 && chmod("nss", 0700) == 0);
	apart(as_nobody);
	CHECK(chmod("nss", 0755) == 0);
	install("delta", later, later_size);
	CHECK(chmod("nss/delta", 0600) == 0);
	apart(as_nobody); /* it might hold a removal */
	CHECK(unlink("nss/delta") == 0);
	apart(readable_again);
}

/* A link in the place of the map or the delta: whoever made it would choose what every program reads. */
static void links(void) {
	install("elsewhere", file, file_size);
	CHECK(unlink("nss/map") == 0 && symlink("elsewhere", "nss/map") == 0);
	apart(no_map);
	CHECK(rename("nss/elsewhere", "nss/map") == 0);
	apart(there);
	install("elsewhere", later, later_size);
	CHECK(symlink("elsewhere", "nss/delta") == 0);
	apart(no_map);
	CHECK(unlink("nss/delta") == 0);
	apart(there);
}

/* In the map's place something that is no file: it is not read, and a pipe or a device does not hold the lookup. */
static void not_files(void) {
	static const char *const others[] = {"nss/pipe", "nss/folder", "/dev/zero"};
	struct hb_file_id id;
	struct hb_map *map;

	CHECK(mkfifo("nss/pipe", 0644) == 0 && mkdir("nss/folder", 0755) == 0);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		CHECK(hb_map_open(others[i], HB_KIND_BASE, true, &map, &id) == HB_NO_MAP);
	unlink("nss/map");
	CHECK(rename("nss/pipe", "nss/map") == 0);
	apart(no_map);
	CHECK(unlink("nss/map") == 0 && rename("nss/folder", "nss/map") == 0);
	apart(no_map);
	CHECK(rmdir("nss/map") == 0);
	install("map", file, file_size);
	apart(there);
	CHECK(mkfifo("nss/delta", 0644) == 0);
	apart(no_map); /* a delta that is there counts, and this one says nothing */
	CHECK(unlink("nss/delta") == 0);
	apart(there);
}

static enum hb_result read_at(struct hb_map *map, uint64_t offset, size_t length) {
	uint8_t out[16];
	struct hb_read read;
	hb_read_begin(&read, map);
	enum hb_result result = hb_map_read(&read, offset, out, length);
	hb_read_end(&read);
	return result;
}

/* Whatever a record or a slot refers to: nothing is read past what the header calls the map, nor past its blocks. */
static void bounds(void) {
	install("map", file, file_size);
	for (int keep = 0; keep < 2; keep++) {
		struct hb_file_id id;
		struct hb_map *map;
		uint8_t raw[HB_BLOCK_SIZE];
		struct hb_read read;
		CHECK(hb_map_open("nss/map", HB_KIND_BASE, keep == 1, &map, &id) == HB_FOUND);
		CHECK(map->size < map->blocks * HB_BLOCK_PAYLOAD);
		CHECK(read_at(map, map->size - 8, 8) == HB_FOUND && read_at(map, map->size, 0) == HB_FOUND);
		CHECK(read_at(map, map->size - 8, 9) == HB_DAMAGED && read_at(map, map->size, 1) == HB_DAMAGED);
		CHECK(read_at(map, map->size + 1, 0) == HB_DAMAGED && read_at(map, UINT64_MAX - 3, 8) == HB_DAMAGED);
		CHECK(read_at(map, 8, SIZE_MAX) == HB_DAMAGED);
		hb_read_begin(&read, map);
		CHECK(hb_map_block(&read, map->blocks - 1, raw) == HB_FOUND);
		CHECK(hb_map_block(&read, map->blocks, raw) == HB_DAMAGED && hb_map_block(&read, UINT64_MAX, raw) == HB_DAMAGED);
		hb_read_end(&read);
		hb_map_close(map);
	}
}

int main(int argc, char **argv) {
	CHECK(argc == 3);
	good_size = payload(argv[1], good);
	file_size = load(argv[1], file, sizeof file);
	later_size = load(argv[2], later, sizeof later);
	enter_own_folder();
	each_field();
	other_versions();
	unreadable();
	links();
	not_files();
	bounds();
	older_generation();
	return 0;
}
