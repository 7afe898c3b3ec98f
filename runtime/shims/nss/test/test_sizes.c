/* Buffers from nothing up, at every entry point: ERANGE until the first size that does, not a byte beyond the size, errno as it was. */
#include "check.h"
#include "fill.h"

static uint8_t base[1 << 16];

enum { ERRNO = 4711 };

typedef enum nss_status attempt(char *buffer, size_t size, int *e);

static enum nss_status user_by_name(char *buffer, size_t size, int *e) {
	static struct passwd p;
	enum nss_status status = _nss_himmelblau_getpwnam_r("User02", &p, buffer, size, e);
	CHECK(status != NSS_STATUS_SUCCESS || (p.pw_uid == 773235643 && strcmp(p.pw_shell, "/bin/bash") == 0));
	return status;
}

static enum nss_status user_by_uid(char *buffer, size_t size, int *e) {
	static struct passwd p;
	enum nss_status status = _nss_himmelblau_getpwuid_r(773235643, &p, buffer, size, e);
	CHECK(status != NSS_STATUS_SUCCESS || strcmp(p.pw_name, "user02") == 0);
	return status;
}

static enum nss_status next_user(char *buffer, size_t size, int *e) {
	static struct passwd p;
	enum nss_status status = _nss_himmelblau_getpwent_r(&p, buffer, size, e);
	CHECK(status != NSS_STATUS_SUCCESS || strcmp(p.pw_name, "user02") == 0); /* none is passed over */
	return status;
}

static enum nss_status shadow_by_name(char *buffer, size_t size, int *e) {
	static struct spwd s;
	enum nss_status status = _nss_himmelblau_getspnam_r("user02", &s, buffer, size, e);
	CHECK(status != NSS_STATUS_SUCCESS || strcmp(s.sp_pwdp, "x") == 0);
	return status;
}

static enum nss_status next_shadow(char *buffer, size_t size, int *e) {
	static struct spwd s;
	enum nss_status status = _nss_himmelblau_getspent_r(&s, buffer, size, e);
	CHECK(status != NSS_STATUS_SUCCESS || strcmp(s.sp_namp, "user02") == 0);
	return status;
}

static enum nss_status checked(enum nss_status status, const struct group *g) {
	if (status == NSS_STATUS_SUCCESS) {
		CHECK(g->gr_gid == 145696387 && strcmp(g->gr_name, "datengruppe") == 0);
		CHECK(strcmp(g->gr_mem[0], "user02") == 0 && strcmp(g->gr_mem[1], "user01") == 0 && !g->gr_mem[2]);
	}
	return status;
}

static enum nss_status group_by_id(char *buffer, size_t size, int *e) {
	static struct group g;
	return checked(_nss_himmelblau_getgrnam_r("bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6", &g, buffer, size, e), &g);
}

static enum nss_status group_by_number(char *buffer, size_t size, int *e) {
	static struct group g;
	return checked(_nss_himmelblau_getgrgid_r(145696387, &g, buffer, size, e), &g);
}

static enum nss_status next_group(char *buffer, size_t size, int *e) {
	static struct group g;
	return checked(_nss_himmelblau_getgrent_r(&g, buffer, size, e), &g);
}

static enum nss_status own_group(char *buffer, size_t size, int *e) {
	static struct group g;
	enum nss_status status = _nss_himmelblau_getgrnam_r("user02", &g, buffer, size, e);
	CHECK(status != NSS_STATUS_SUCCESS || (g.gr_gid == 773235643 && strcmp(g.gr_mem[0], "user02") == 0 && !g.gr_mem[1]));
	return status;
}

/* Each offset within a word once: what is aligned within the buffer must not count on the buffer. */
static void walk(const char *what, attempt *look) {
	for (size_t offset = 0; offset < sizeof(void *); offset++) {
		enum nss_status status = NSS_STATUS_TRYAGAIN;
		for (size_t size = 0; status != NSS_STATUS_SUCCESS; size++) {
			char *exact = malloc(offset + size + 1); /* the sanitizer watches what lies beyond */
			int e = 0;
			memset(exact, 0x5a, offset + size + 1);
			errno = ERRNO;
			status = look(exact + offset, size, &e);
			if (errno != ERRNO || exact[offset + size] != 0x5a || (offset > 0 && exact[offset - 1] != 0x5a))
				errx(1, "%s, size %zu: errno %d or the bytes around the buffer have changed", what, size, errno);
			if (status != NSS_STATUS_SUCCESS && (status != NSS_STATUS_TRYAGAIN || e != ERANGE || size > 400))
				errx(1, "%s, size %zu: status %d, error %d", what, size, status, e);
			free(exact);
		}
		/* The enumerations continue with the next one: back to the first. */
		_nss_himmelblau_setpwent(0);
		_nss_himmelblau_setspent(0);
		_nss_himmelblau_setgrent(0);
	}
}

/* What the daemon answered is laid out by other functions than what the map holds. */
static void answers(void) {
	const struct hb_texts texts = {.name = "user02", .gecos = "Zwei", .directory = "/home/user02", .shell = "/bin/bash"};
	const size_t passwd_needs = sizeof "user02" + sizeof "x" + sizeof "Zwei" + sizeof "/home/user02" + sizeof "/bin/bash";
	const size_t shadow_needs = sizeof "user02" + sizeof "x";
	for (size_t size = 0; size < 64; size++) {
		struct passwd p;
		struct spwd s;
		char *exact = malloc(size + 1);
		memset(exact, 0x5a, size + 1);
		CHECK(hb_put_passwd(&texts, 1, 2, &p, exact, size) == (size < passwd_needs ? HB_TOO_SMALL : HB_FOUND));
		CHECK(exact[size] == 0x5a && (size < passwd_needs || strcmp(p.pw_shell, "/bin/bash") == 0));
		CHECK(hb_put_shadow("user02", &s, exact, size) == (size < shadow_needs ? HB_TOO_SMALL : HB_FOUND));
		CHECK(exact[size] == 0x5a && (size < shadow_needs || (strcmp(s.sp_namp, "user02") == 0 && strcmp(s.sp_pwdp, "x") == 0)));
		free(exact);
	}
}

/* Lists that begin with any size, under any limit: never beyond either, never one twice, errno as it was. */
static void group_lists(void) {
	for (long room = 1; room < 6; room++)
		for (long limit = -1; limit < 6; limit++) {
			if (limit == 0)
				continue;
			long size = room, start = 1;
			gid_t *list = malloc((size_t)size * sizeof *list);
			int e = 0;
			list[0] = 773235643;
			errno = ERRNO;
			enum nss_status status = _nss_himmelblau_initgroups_dyn("user02", 773235643, &start, &size, &list, limit, &e);
			CHECK(errno == ERRNO && start <= size);
			/* A caller whose room is beyond its own limit has given it. */
			long most = limit < 0 ? 3 : limit < room ? room : limit;
			CHECK(start <= most && start <= 3 && (most < 3 || (status == NSS_STATUS_SUCCESS && start == 3)));
			for (long i = 0; i < start; i++)
				for (long k = 0; k < i; k++)
					CHECK(list[i] != list[k]);
			free(list);
		}
}

/* Nobody there to ask, no map, a stopped server: errno stays here, too. */
static void without_an_answer(void) {
	struct passwd p;
	int e = 0;
	errno = ERRNO;
	CHECK(_nss_himmelblau_getpwnam_r("somebody", &p, answer_buffer, sizeof answer_buffer, &e) == NSS_STATUS_UNAVAIL && e != 0);
	CHECK(_nss_himmelblau_getpwuid_r(3100000000u, &p, answer_buffer, sizeof answer_buffer, &e) == NSS_STATUS_UNAVAIL);
	CHECK(_nss_himmelblau_getpwnam_r("a:b", &p, answer_buffer, sizeof answer_buffer, &e) == NSS_STATUS_NOTFOUND);
	CHECK(errno == ERRNO);
}

int main(int argc, char **argv) {
	CHECK(argc == 2);
	size_t size = load(argv[1], base, sizeof base);
	enter_own_folder();
	without_an_answer();
	install("map", base, size);
	EVENTUALLY(name_status("user02") == NSS_STATUS_SUCCESS);
	CHECK(_nss_himmelblau_setpwent(0) == NSS_STATUS_SUCCESS && _nss_himmelblau_setspent(0) == NSS_STATUS_SUCCESS);
	CHECK(_nss_himmelblau_setgrent(0) == NSS_STATUS_SUCCESS);
	walk("getpwnam_r", user_by_name);
	walk("getpwuid_r", user_by_uid);
	walk("getpwent_r", next_user);
	walk("getspnam_r", shadow_by_name);
	walk("getspent_r", next_shadow);
	walk("getgrnam_r, by object id", group_by_id);
	walk("getgrnam_r, of one user", own_group);
	walk("getgrgid_r", group_by_number);
	walk("getgrent_r", next_group);
	group_lists();
	answers();
	without_an_answer();
	return 0;
}
