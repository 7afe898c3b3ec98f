/*
 * "config check FILE": the daemon is sent what is in the file. It opens no file that a caller names, and does not see
 * /tmp, /root and /home as the caller does.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool.h"

enum { MOST_BYTES = 1 << 20 };

static bool refused(const char *file, const char *why)
{
	fprintf(stderr, "aad-tool: %s %s\n", file, why);
	return false;
}

static bool fits(const char *file, const struct stat *found)
{
	if (!S_ISREG(found->st_mode))
		return refused(file, "is not a regular file");
	return found->st_size <= MOST_BYTES || refused(file, "is larger than 1 MiB; is this a configuration file?");
}

bool input_from_file(int count, char **words)
{
	struct stat found;

	if (count != 3 || strcmp(words[0], "config") != 0 || strcmp(words[1], "check") != 0 || strcmp(words[2], "-") == 0)
		return true;
	const char *file = words[2];
	if (stat(file, &found) != 0)
		return refused(file, strerror(errno));
	if (!fits(file, &found)) /* before it is opened: opening a device can do something */
		return false;
	/* Whoever may replace it could put a pipe there, at which open(2) waits. */
	int fd = open(file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return refused(file, strerror(errno));
	bool good = fstat(fd, &found) == 0 ? fits(file, &found) : refused(file, strerror(errno));
	if (good && dup2(fd, STDIN_FILENO) < 0)
		good = refused(file, strerror(errno));
	(void)close(fd);
	return good;
}
