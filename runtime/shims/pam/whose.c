#include "whose.h"

#include <stdlib.h>
#include <string.h>

#include "resolve.h"
#include "shown.h"

#ifndef HB_PASSWD_PATH
#define HB_PASSWD_PATH "/etc/passwd"
#endif

bool whose_in_file(FILE *file, const char *name, char end)
{
	char *line = NULL;
	size_t capacity = 0;
	size_t length = strlen(name);
	bool found = false;
	ssize_t size;

	while (!found && (size = getline(&line, &capacity, file)) > 0) {
		if (line[size - 1] == '\n')
			line[--size] = '\0';
		found = length > 0 && (size_t)size >= length && memcmp(line, name, length) == 0 && line[length] == end;
	}
	free(line);
	return found;
}

static bool listed(const char *path, const char *name, char end)
{
	FILE *file = fopen(path, "re");

	if (file == NULL)
		return false;
	bool found = whose_in_file(file, name, end);
	fclose(file);
	return found;
}

enum whose whose_by_files(const char *name)
{
	/* A colon or a line's end would match across fields or lines. */
	if (strpbrk(name, ":\n") != NULL || !listed(HB_PASSWD_PATH, name, ':'))
		return WHOSE_UNKNOWN;
	return listed(SHOWN_LOCAL_NAMES, name, '\0') ? WHOSE_MAPPED : WHOSE_LOCAL;
}

enum whose whose(const char *name)
{
	enum whose local = whose_by_files(name);
	struct resolved as;
	uid_t uid;

	if (local != WHOSE_UNKNOWN)
		return local;
	/* By uid: another name service may have a different account of that name, which is left to the modules after us. */
	as = resolve(name);
	if (as.known)
		return shown_has_uid(as.uid) ? WHOSE_DIRECTORY : WHOSE_UNKNOWN;
	return shown_uid(name, &uid) ? WHOSE_DIRECTORY : WHOSE_UNKNOWN;
}
