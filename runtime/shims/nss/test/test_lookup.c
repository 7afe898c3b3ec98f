/* Every entry point on the golden maps: base alone, base and delta, sizes from one byte up. */
#include "check.h"

static uint8_t base[1 << 16], delta[1 << 16];

static void users(void) {
	enum nss_status status;
	struct passwd *p = by_name("user02", &status);
	CHECK(p && p->pw_uid == 773235643 && p->pw_gid == 773235643);
	CHECK(strcmp(p->pw_name, "user02") == 0 && strcmp(p->pw_passwd, "x") == 0 && strcmp(p->pw_gecos, "User Two") == 0);
	CHECK(strcmp(p->pw_dir, "/home/user02") == 0 && strcmp(p->pw_shell, "/bin/bash") == 0);
	p = by_name("USER02@0pndv.OnMicrosoft.com", &status);
	CHECK(p && p->pw_uid == 773235643 && strcmp(p->pw_name, "user02") == 0);
	p = by_uid(773235643);
	CHECK(p && strcmp(p->pw_name, "user02") == 0);
	/* A name that is not its own key is found by its aliases, in any case. */
	p = by_name("ANNA", &status);
	CHECK(p && strcmp(p->pw_name, "Anna") == 0 && p->pw_gid == 145696387 && *p->pw_gecos == 0);
	CHECK(name_status("nobody-here") == NSS_STATUS_NOTFOUND);
	CHECK(name_status("expired") == NSS_STATUS_UNAVAIL && answer_errno == ENOENT); /* asks, and nobody is there */
	CHECK(name_status("user02:x") == NSS_STATUS_NOTFOUND && name_status("") == NSS_STATUS_NOTFOUND);
	CHECK(name_status("root") == NSS_STATUS_NOTFOUND && name_status("gdm-greeter-3") == NSS_STATUS_NOTFOUND);
	CHECK(name_status("\xff\xfe") == NSS_STATUS_NOTFOUND && name_status("a\nb") == NSS_STATUS_NOTFOUND);
	for (uid_t uid = 0; uid < 1000; uid++)
		CHECK(!by_uid(uid));
	CHECK(!by_uid(65534) && !by_uid(61184) && !by_uid(UINT32_MAX) && !by_uid(1234567));
}

static void shadow(void) {
	struct spwd s;
	int e = 0;
	CHECK(_nss_himmelblau_getspnam_r("user02", &s, answer_buffer, sizeof answer_buffer, &e) == NSS_STATUS_SUCCESS);
	CHECK(strcmp(s.sp_namp, "user02") == 0 && strcmp(s.sp_pwdp, "x") == 0 && s.sp_lstchg == -1 && s.sp_min == 0);
	CHECK(s.sp_max == 99999 && s.sp_warn == 7 && s.sp_inact == -1 && s.sp_expire == -1 && s.sp_flag == 0);
	CHECK(_nss_himmelblau_getspnam_r("nobody-here", &s, answer_buffer, sizeof answer_buffer, &e) == NSS_STATUS_NOTFOUND);
}

static void groups(void) {
	struct group *g = group_by_gid(145696387);
	CHECK(g && strcmp(g->gr_name, "datengruppe") == 0 && strcmp(g->gr_mem[0], "user02") == 0);
	CHECK(strcmp(g->gr_mem[1], "user01") == 0 && !g->gr_mem[2] && strcmp(g->gr_passwd, "x") == 0);
	g = group_by_name("BB845F7F-8f6a-4101-b4c7-8db3cb94c9e6");
	CHECK(g && g->gr_gid == 145696387 && strcmp(g->gr_name, "datengruppe") == 0);
	CHECK(!group_by_name("datengruppe"));
	/* A group is named like its own id: not by name; but one shown by its id because its name was unfit is. */
	CHECK(!group_by_name("28174bcd-25b9-4f82-9965-671b2750f090") && group_by_gid(1727791867));
	g = group_by_name("cd4ebec9-434c-4bad-af7c-9c39a4127551");
	CHECK(g && g->gr_gid == 5627207 && !g->gr_mem[0]);
	/* A group of one's own. */
	g = group_by_name("user02");
	CHECK(g && g->gr_gid == 773235643 && strcmp(g->gr_mem[0], "user02") == 0 && !g->gr_mem[1]);
	g = group_by_gid(680773750);
	CHECK(g && strcmp(g->gr_name, "user01") == 0);
	CHECK(!group_by_name("anna") && !group_by_gid(1912749799) && !group_by_gid(1234568) && !group_by_gid(27));
	CHECK(!group_by_name("97bfcfc4-fb12-445e-aaca-28c6b5375855"));
}

static long gids_of(const char *user, gid_t primary, long limit, gid_t **list, long *size) {
	long start = 1;
	int e = 0;
	(*list)[0] = primary;
	enum nss_status status = _nss_himmelblau_initgroups_dyn(user, primary, &start, size, list, limit, &e);
	return status == NSS_STATUS_SUCCESS ? start : -1;
}

static void group_lists(void) {
	long size = 1;
	gid_t *list = malloc(sizeof *list);
	CHECK(gids_of("user02", 773235643, -1, &list, &size) == 3);
	CHECK(list[1] == 145696387 && list[2] == 1727791867 && size >= 3);
	CHECK(gids_of("User02@0pndv.onmicrosoft.com", 145696387, -1, &list, &size) == 2 && list[1] == 1727791867);
	CHECK(gids_of("user02", 773235643, 2, &list, &size) >= 2);
	free(list);
	size = 1;
	list = malloc(sizeof *list);
	CHECK(gids_of("user02", 773235643, 2, &list, &size) == 2 && size == 2);
	CHECK(gids_of("anna", 145696387, -1, &list, &size) == -1 && gids_of("nobody-here", 1, -1, &list, &size) == -1);
	free(list);
}

/* From one byte up: too small is ERANGE and writes nothing past the size; the first size that does is enough. */
static void sizes(void) {
	struct passwd p;
	struct group g;
	struct spwd s;
	int e;
	bool done = false;
	for (size_t size = 0; !done; size++) {
		char *exact = malloc(size + 1);
		exact[size] = 0x5a;
		e = 0;
		enum nss_status status = _nss_himmelblau_getpwnam_r("user02", &p, exact, size, &e);
		CHECK(exact[size] == 0x5a);
		done = status == NSS_STATUS_SUCCESS;
		CHECK(done ? size == strlen("user02:x:User Two:/home/user02:/bin/bash") + 1 : status == NSS_STATUS_TRYAGAIN && e == ERANGE);
		free(exact);
	}
	done = false;
	for (size_t size = 0; !done; size++) {
		char *exact = malloc(size + 2);
		exact[size + 1] = 0x5a;
		e = 0;
		enum nss_status status = _nss_himmelblau_getgrgid_r(145696387, &g, exact + 1, size, &e); /* misaligned on purpose */
		CHECK(exact[size + 1] == 0x5a);
		done = status == NSS_STATUS_SUCCESS;
		CHECK(done ? (uintptr_t)g.gr_mem % sizeof(char *) == 0 : status == NSS_STATUS_TRYAGAIN && e == ERANGE);
		free(exact);
	}
	for (size_t size = 0; size < 9; size++)
		CHECK(_nss_himmelblau_getspnam_r("user02", &s, answer_buffer, size, &e) == NSS_STATUS_TRYAGAIN);
	CHECK(_nss_himmelblau_getspnam_r("user02", &s, answer_buffer, 9, &e) == NSS_STATUS_SUCCESS);
}

/* Names in order, with a buffer that is too small every other time. */
static void enumerate(const char *wanted_users, const char *wanted_groups) {
	char names[512] = "";
	struct passwd p;
	struct group g;
	struct spwd s;
	int e = 0, shadows = 0, count = 0;
	enum nss_status status;
	CHECK(_nss_himmelblau_setpwent(0) == NSS_STATUS_SUCCESS);
	CHECK(_nss_himmelblau_getpwent_r(&p, answer_buffer, 3, &e) == NSS_STATUS_TRYAGAIN && e == ERANGE);
	while (_nss_himmelblau_getpwent_r(&p, answer_buffer, sizeof answer_buffer, &e) == NSS_STATUS_SUCCESS) {
		strcat(strcat(names, p.pw_name), " ");
		CHECK((status = _nss_himmelblau_getpwent_r(&p, answer_buffer, 3, &e)) == NSS_STATUS_TRYAGAIN || status == NSS_STATUS_NOTFOUND);
		count++;
	}
	CHECK(strcmp(names, wanted_users) == 0);
	CHECK(_nss_himmelblau_getpwent_r(&p, answer_buffer, sizeof answer_buffer, &e) == NSS_STATUS_NOTFOUND);
	CHECK(_nss_himmelblau_endpwent() == NSS_STATUS_SUCCESS);
	CHECK(_nss_himmelblau_setspent(0) == NSS_STATUS_SUCCESS);
	while (_nss_himmelblau_getspent_r(&s, answer_buffer, sizeof answer_buffer, &e) == NSS_STATUS_SUCCESS)
		shadows++;
	CHECK(shadows == count && _nss_himmelblau_endspent() == NSS_STATUS_SUCCESS);
	names[0] = 0;
	CHECK(_nss_himmelblau_setgrent(0) == NSS_STATUS_SUCCESS);
	while (_nss_himmelblau_getgrent_r(&g, answer_buffer, sizeof answer_buffer, &e) == NSS_STATUS_SUCCESS)
		strcat(strcat(names, g.gr_name), " ");
	CHECK(strcmp(names, wanted_groups) == 0);
	CHECK(_nss_himmelblau_endgrent() == NSS_STATUS_SUCCESS);
}

static void with_delta(void) {
	enum nss_status status;
	struct passwd *p = by_name("user03", &status);
	struct group *g;
	CHECK(p && p->pw_uid == 1749180831);
	/* Renamed: the new name and the uid, no longer the old name. */
	p = by_name("user-one", &status);
	CHECK(p && p->pw_uid == 680773750);
	p = by_uid(680773750);
	CHECK(p && strcmp(p->pw_name, "user-one") == 0);
	CHECK(!by_name("user01", &status) && !by_name("anna", &status) && !by_uid(1912749799));
	CHECK(name_status("ghost") == NSS_STATUS_NOTFOUND);
	/* One more member on top of the base's. */
	g = group_by_gid(145696387);
	CHECK(g && strcmp(g->gr_mem[0], "user03") == 0 && strcmp(g->gr_mem[1], "user02") == 0 && g->gr_mem[2] && !g->gr_mem[3]);
	g = group_by_name("bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6");
	CHECK(g && g->gr_mem[2]);
	CHECK(!group_by_gid(5627207) && !group_by_name("cd4ebec9-434c-4bad-af7c-9c39a4127551"));
	CHECK((p = by_name("user02", &status)) && p->pw_uid == 773235643);
}

static void keeps_errno(void) {
	errno = 4711;
	CHECK(!by_uid(999999));
	CHECK(name_status("user02") == NSS_STATUS_SUCCESS && name_status("nobody-here") == NSS_STATUS_NOTFOUND && errno == 4711);
}

int main(int argc, char **argv) {
	size_t base_size, delta_size;
	CHECK(argc == 3);
	base_size = load(argv[1], base, sizeof base);
	delta_size = load(argv[2], delta, sizeof delta);
	enter_own_folder();
	CHECK(name_status("user02") == NSS_STATUS_UNAVAIL); /* no map, no daemon */
	install("map", base, base_size);
	EVENTUALLY(name_status("user02") == NSS_STATUS_SUCCESS);
	users();
	shadow();
	groups();
	group_lists();
	sizes();
	enumerate("user02 user01 ", "datengruppe 28174bcd-25b9-4f82-9965-671b2750f090 cd4ebec9-434c-4bad-af7c-9c39a4127551 user02 user01 ");
	install("delta", delta, delta_size);
	EVENTUALLY(name_status("user03") == NSS_STATUS_SUCCESS);
	with_delta();
	enumerate("user03 user-one user02 ", "datengruppe 28174bcd-25b9-4f82-9965-671b2750f090 user03 user-one user02 ");
	keeps_errno();
	unlink("nss/delta");
	EVENTUALLY(name_status("user03") != NSS_STATUS_SUCCESS);
	users();
	unlink("nss/map");
	EVENTUALLY(name_status("user02") == NSS_STATUS_UNAVAIL);
	return 0;
}
