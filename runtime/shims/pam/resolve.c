#include "resolve.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>

struct resolved resolve(const char *name)
{
	struct resolved resolved = { .known = false };
	struct passwd entry;
	struct passwd *found = NULL;

	for (size_t size = 4096; size <= 1024 * 1024; size *= 2) {
		char *buffer = malloc(size);
		if (buffer == NULL)
			break;
		int error = getpwnam_r(name, &entry, buffer, size, &found);
		if (error == 0 && found != NULL)
			resolved = (struct resolved){ .known = true, .uid = entry.pw_uid };
		free(buffer);
		if (error != ERANGE)
			break;
	}
	return resolved;
}
