/*
 * The map reader on hostile content. The input is the payload of a base and, after the first half, of a delta; the harness puts right sums on the blocks,
 * so that what is fuzzed is the reading of headers, indexes and records and not the sums. Built for libFuzzer with -DHB_LIBFUZZER; else a
 * driver that mutates the golden maps: fuzz_map ROUNDS FILE…
 */
#include <signal.h>
#include <sys/mman.h>

#include "map.h"
#include "sealed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask_everything(void) {
	static const char *const names[] = {"user02", "user02@0pndv.onmicrosoft.com", "anna", "ghost", "p77", "nobody-here",
		"bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6", "97bfcfc4-fb12-445e-aaca-28c6b5375855", "00000001-0000-4000-8000-000000000000"};
	static const uint32_t ids[] = {773235643, 145696387, 1912749799, 5627207, 1000077, 2500000001, 1234567, 1234568};
	struct passwd p;
	struct group g;
	struct spwd s;
	int e, n = 0;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		long start = 1, size = 4;
		gid_t *list = malloc(4 * sizeof *list);
		list[0] = 1;
		for (size_t room = 0; room < 4096; room = room * 3 + 1) {
			char *exact = malloc(room + 1);
			_nss_himmelblau_getpwnam_r(names[i], &p, exact, room, &e);
			_nss_himmelblau_getspnam_r(names[i], &s, exact, room, &e);
			_nss_himmelblau_getgrnam_r(names[i], &g, exact, room, &e);
			free(exact);
		}
		_nss_himmelblau_initgroups_dyn(names[i], 1, &start, &size, &list, 4096, &e);
		free(list);
	}
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		_nss_himmelblau_getpwuid_r(ids[i], &p, answer_buffer, sizeof answer_buffer, &e);
		_nss_himmelblau_getgrgid_r(ids[i], &g, answer_buffer, sizeof answer_buffer, &e);
	}
	_nss_himmelblau_setpwent(0);
	while (n++ < 300 && _nss_himmelblau_getpwent_r(&p, answer_buffer, sizeof answer_buffer, &e) == NSS_STATUS_SUCCESS)
		CHECK(strlen(p.pw_name) + strlen(p.pw_gecos) + strlen(p.pw_dir) + strlen(p.pw_shell) < sizeof answer_buffer);
	_nss_himmelblau_endpwent();
	_nss_himmelblau_setgrent(0);
	while (n++ < 600 && _nss_himmelblau_getgrent_r(&g, answer_buffer, sizeof answer_buffer, &e) == NSS_STATUS_SUCCESS)
		for (char **member = g.gr_mem; *member; member++)
			CHECK(strlen(*member) < sizeof answer_buffer);
	_nss_himmelblau_endgrent();
}

static void begin(void) {
	static bool begun;
	if (!begun)
		enter_own_folder();
	begun = true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	begin();
	if (size > 1 << 18)
		return 0;
	write_map("nss/map", data, size / 2);
	write_map("nss/delta", data + size / 2, size - size / 2);
	hb_map_recheck();
	ask_everything();
	return 0;
}

#ifndef HB_LIBFUZZER
static uint64_t state = 88172645463325252u;

static uint64_t random64(void) {
	state ^= state << 13;
	state ^= state >> 7;
	return state ^= state << 17;
}

int main(int argc, char **argv) {
	static uint8_t golden[8][1 << 17], input[1 << 18];
	size_t sizes[8];
	int files = argc - 2 < 8 ? argc - 2 : 8;
	CHECK(argc >= 3);
	for (int i = 0; i < files; i++)
		sizes[i] = payload(argv[2 + i], golden[i]);
	for (long round = atol(argv[1]); round > 0; round--) {
		size_t base = random64() % (size_t)files, delta = random64() % (size_t)files;
		size_t size = sizes[base] > sizes[delta] ? sizes[base] : sizes[delta];
		memset(input, 0, 2 * size);
		memcpy(input, golden[base], sizes[base]);
		memcpy(input + size, golden[delta], sizes[delta]);
		for (uint64_t n = 1 + random64() % 12; n > 0; n--) {
			/* Mostly where numbers stand: the head, and the beginning of records. */
			size_t within = random64() % 3 ? random64() % 1200 : random64() % size;
			size_t at = (random64() % 2 ? size : 0) + (within < size ? within : 0);
			switch (random64() % 3) {
			case 0:
				input[at] ^= (uint8_t)(1u << random64() % 8);
				break;
			case 1:
				input[at] = (uint8_t)random64();
				break;
			default:
				memset(input + at, random64() % 2 ? 0xff : 0, at + 4 < 2 * size ? 4 : 1);
				break;
			}
		}
		LLVMFuzzerTestOneInput(input, 2 * size);
	}
	return 0;
}
#endif
