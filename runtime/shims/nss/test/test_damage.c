/* Files that are damaged, cut, replaced or swapped under the reader: a right answer or none, never a fault. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>

#include "check.h"

static uint8_t good[1 << 16], bad[1 << 16], big[1 << 23];
static size_t good_size, big_size;
static atomic_bool stop;

static void right_or_nothing(void) {
	enum nss_status status;
	struct passwd *p = by_name("user02", &status);
	CHECK(p ? p->pw_uid == 773235643 && strcmp(p->pw_dir, "/home/user02") == 0 : status != NSS_STATUS_SUCCESS);
	p = by_uid(773235643);
	CHECK(!p || strcmp(p->pw_name, "user02") == 0);
	struct group *g = group_by_gid(145696387);
	CHECK(!g || strcmp(g->gr_name, "datengruppe") == 0);
}

/* A new process, so that the file is opened and read again. */
static void fresh(const void *data, size_t size, bool must_fail) {
	pid_t child;
	int status;
	install("map", data, size);
	child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		right_or_nothing();
		CHECK(!must_fail || name_status("user02") == NSS_STATUS_UNAVAIL);
		_nss_himmelblau_setpwent(0);
		struct passwd p;
		int e, n = 0;
		while (_nss_himmelblau_getpwent_r(&p, answer_buffer, sizeof answer_buffer, &e) == NSS_STATUS_SUCCESS)
			CHECK(++n < 10);
		_exit(0);
	}
	CHECK(waitpid(child, &status, 0) == child && status == 0);
}

static void every_header_byte(void) {
	for (size_t at = 0; at < 256; at++)
		for (int bit = 0; bit < 8; bit += 7) {
			memcpy(bad, good, good_size);
			bad[at] ^= (uint8_t)(1 << bit);
			fresh(bad, good_size, true);
		}
}

static void every_cut(void) {
	for (size_t size = 0; size < good_size; size += size < 260 ? 13 : 311)
		fresh(good, size, true);
	memcpy(bad, good, good_size);
	fresh(bad, good_size + 1, true);
	fresh(good, good_size, false);
}

static void any_byte(void) {
	for (size_t at = 256; at < good_size; at += 37) {
		memcpy(bad, good, good_size);
		bad[at] ^= 0xff;
		fresh(bad, good_size, true);
	}
}

static void *look(void *unused) {
	char buffer[4096];
	struct passwd p;
	struct group g;
	int e;
	(void)unused;
	for (unsigned i = 0; !atomic_load(&stop); i++) {
		char name[32];
		snprintf(name, sizeof name, "p%u", i * 7919 % 20000);
		enum nss_status status = _nss_himmelblau_getpwnam_r(name, &p, buffer, sizeof buffer, &e);
		CHECK(status != NSS_STATUS_SUCCESS || strcmp(p.pw_name, name) == 0);
		status = _nss_himmelblau_getpwuid_r(1000000 + i % 20000, &p, buffer, sizeof buffer, &e);
		CHECK(status != NSS_STATUS_SUCCESS || p.pw_uid == 1000000 + i % 20000);
		status = _nss_himmelblau_getgrgid_r(1000000 + i % 20000, &g, buffer, sizeof buffer, &e);
		CHECK(status != NSS_STATUS_SUCCESS || g.gr_gid == 1000000 + i % 20000);
	}
	return NULL;
}

/* What must not kill a host: the very file it reads is cut, overwritten in place, removed and replaced, while 16 threads read and it forks. */
static void under_threads(void) {
	pthread_t threads[16];
	install("map", big, big_size);
	for (int i = 0; i < 16; i++)
		CHECK(pthread_create(&threads[i], NULL, look, NULL) == 0);
	for (int round = 0; round < 40; round++) {
		int fd = open("nss/map", O_RDWR);
		CHECK(fd >= 0);
		switch (round % 5) {
		case 0:
			CHECK(ftruncate(fd, 0) == 0);
			break;
		case 1:
			CHECK(ftruncate(fd, (off_t)(big_size / 2)) == 0);
			break;
		case 2:
			CHECK(pwrite(fd, good, good_size, 0) == (ssize_t)good_size);
			break;
		case 3:
			CHECK(unlink("nss/map") == 0);
			break;
		default:
			break;
		}
		close(fd);
		usleep(20000);
		pid_t child = fork();
		if (child == 0) {
			alarm(10); /* nothing of the parent's threads may hold the child */
			for (int i = 0; i < 50; i++)
				name_status("p1");
			_exit(0);
		}
		int status;
		CHECK(waitpid(child, &status, 0) == child && status == 0);
		install("map", round % 2 ? big : good, round % 2 ? big_size : good_size);
		usleep(20000);
	}
	atomic_store(&stop, true);
	for (int i = 0; i < 16; i++)
		pthread_join(threads[i], NULL);
	install("map", big, big_size);
	EVENTUALLY(name_status("p19999") == NSS_STATUS_SUCCESS);
}

static void odd_files(void) {
	unlink("nss/map");
	CHECK(mkfifo("nss/map", 0644) == 0);
	EVENTUALLY(name_status("user02") == NSS_STATUS_UNAVAIL);
	unlink("nss/map");
	CHECK(symlink("/etc/passwd", "nss/map") == 0);
	CHECK(name_status("user02") == NSS_STATUS_UNAVAIL);
	unlink("nss/map");
	CHECK(mkdir("nss/map", 0755) == 0);
	CHECK(name_status("user02") == NSS_STATUS_UNAVAIL);
	CHECK(rmdir("nss/map") == 0);
	install("map", good, good_size);
	EVENTUALLY(name_status("user02") == NSS_STATUS_SUCCESS);
	/* A delta that cannot be read may hide a removal: no answer from the base then. */
	install("delta", "garbage", 7);
	EVENTUALLY(name_status("user02") == NSS_STATUS_UNAVAIL);
	struct passwd p;
	int e;
	CHECK(_nss_himmelblau_setpwent(0) == NSS_STATUS_SUCCESS);
	CHECK(_nss_himmelblau_getpwent_r(&p, answer_buffer, sizeof answer_buffer, &e) == NSS_STATUS_NOTFOUND);
	CHECK(_nss_himmelblau_endpwent() == NSS_STATUS_SUCCESS && fcntl(0, F_GETFD) >= 0);
	unlink("nss/delta");
	EVENTUALLY(name_status("user02") == NSS_STATUS_SUCCESS);
}

/* The host closes all descriptors, or uses our number for something else. */
static void closed_descriptors(void) {
	struct passwd p;
	int e;
	install("map", big, big_size);
	CHECK(_nss_himmelblau_setpwent(0) == NSS_STATUS_SUCCESS);
	CHECK(_nss_himmelblau_getpwent_r(&p, answer_buffer, sizeof answer_buffer, &e) == NSS_STATUS_SUCCESS);
	closefrom(3);
	int mine = open("/etc/passwd", O_RDONLY);
	for (int i = 0; i < 1000; i++)
		_nss_himmelblau_getpwent_r(&p, answer_buffer, sizeof answer_buffer, &e);
	CHECK(_nss_himmelblau_endpwent() == NSS_STATUS_SUCCESS);
	CHECK(fcntl(mine, F_GETFD) >= 0);
	EVENTUALLY(name_status("p1") == NSS_STATUS_SUCCESS);
	close(mine);
}

int main(int argc, char **argv) {
	CHECK(argc == 3);
	good_size = load(argv[1], good, sizeof good);
	big_size = load(argv[2], big, sizeof big);
	enter_own_folder();
	every_header_byte();
	every_cut();
	any_byte();
	odd_files();
	closed_descriptors();
	under_threads();
	return 0;
}
