#include "names.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

bool hb_inside_own_unit(void) {
	/* The environment is what exec gave; walking it for every lookup would cost more than the lookup. */
	static atomic_int known;
	int inside = atomic_load_explicit(&known, memory_order_relaxed);
	if (inside == 0) {
		const char *unit = secure_getenv("SYSTEMD_ACTIVATION_UNIT");
		inside = unit && (strcmp(unit, "himmelblaud.service") == 0 || strcmp(unit, "himmelblaud-tasks.service") == 0) ? 1 : -1;
		atomic_store_explicit(&known, inside, memory_order_relaxed);
	}
	return inside > 0;
}

static bool starts(const char *text, const char *with) {
	return strncmp(text, with, strlen(with)) == 0;
}

/* Accounts that greeters and systemd ask for at boot; asking the cloud for them delays it. */
static bool of_the_host(const char *name) {
	switch (name[0]) {
	case 'g':
		return strcmp(name, "gdm") == 0 || strcmp(name, "gnome-initial-setup") == 0 || starts(name, "gdm-greeter");
	case 'p':
		return starts(name, "pam_unix_non_existent");
	case 'r':
		return strcmp(name, "root") == 0;
	case 's':
		return strcmp(name, "sssd") == 0 || strcmp(name, "systemd-coredump") == 0;
	default:
		return false;
	}
}

size_t hb_user_key(const char *name, char key[HB_KEY_MAX + 1]) {
	size_t n = 0;

	if (!name)
		return 0;
	for (; name[n] != 0; n++) {
		unsigned char c = (unsigned char)name[n];
		if (n == HB_KEY_MAX || c < 0x20 || c == 0x7f || c == ':' || c == '/')
			return 0;
		key[n] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	key[n] = 0;
	return n > 0 && !of_the_host(name) ? n : 0;
}

bool hb_id_reserved(uint32_t id) {
	return id < 1000 || (id >= 60001 && id <= 65535) || id == UINT32_MAX;
}

static int digit(char c) {
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool hb_parse_object_id(const char *text, uint8_t object[16]) {
	unsigned out = 0;

	if (strnlen(text, 37) != 36)
		return false;
	for (unsigned i = 0; i < 36;) {
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (text[i++] != '-')
				return false;
			continue;
		}
		int high = digit(text[i]), low = digit(text[i + 1]);
		if (high < 0 || low < 0)
			return false;
		object[out++] = (uint8_t)(high << 4 | low);
		i += 2;
	}
	return true;
}
