/* "cred cert": the daemon makes the certificate and prints it; the file is the caller's, so this tool writes it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool.h"

static const char OPTION[] = "--cert-out";

/* The argument that names the file, either FILE or --cert-out=FILE; NULL without one, or for "-". */
static char **find_file(int count, char **words, const char **file)
{
	for (int i = 2; i < count; i++) {
		size_t length = sizeof OPTION - 1;
		if (strncmp(words[i], OPTION, length) != 0)
			continue;
		if (words[i][length] == '=') {
			*file = words[i] + length + 1;
			return strcmp(*file, "-") == 0 || **file == '\0' ? NULL : &words[i];
		}
		if (words[i][length] == '\0' && i + 1 < count) {
			*file = words[i + 1];
			return strcmp(*file, "-") == 0 || **file == '\0' ? NULL : &words[i + 1];
		}
	}
	return NULL;
}

static int failed(const char *file, const char *what)
{
	fprintf(stderr, "aad-tool: %s %s: %s\n", file, what, strerror(errno));
	return EXIT_FAILURE;
}

/* Complete or not at all: written beside the file, then renamed over it. */
static int run_into(const char *file, const char *fresh, int fd, int count, char **words)
{
	int out = dup(STDOUT_FILENO);

	if (out < 0 || dup2(fd, STDOUT_FILENO) < 0) {
		int result = failed(file, "cannot be written");
		if (out >= 0)
			(void)close(out);
		return result;
	}
	int result = admin_run(count, words, NULL);
	if (fflush(stdout) != 0)
		result = EXIT_FAILURE;
	(void)dup2(out, STDOUT_FILENO);
	(void)close(out);
	if (result != 0)
		return result;
	if (fchmod(fd, 0644) != 0 || fsync(fd) != 0 || rename(fresh, file) != 0)
		return failed(file, "cannot be written");
	return 0;
}

int certificate_run(int count, char **words)
{
	static char whole_dash[] = "--cert-out=-", dash[] = "-";
	static const char suffix[] = ".XXXXXX";
	const char *file = NULL;
	char **place = find_file(count, words, &file);

	if (place == NULL)
		return admin_run(count, words, NULL);
	size_t length = strlen(file);
	char *fresh = malloc(length + sizeof suffix);
	if (fresh == NULL)
		return failed(file, "cannot be written");
	memcpy(fresh, file, length);
	memcpy(fresh + length, suffix, sizeof suffix);
	int fd = mkostemp(fresh, O_CLOEXEC);
	int result;
	if (fd < 0) {
		result = failed(file, "cannot be created");
	} else {
		*place = *place == file ? dash : whole_dash;
		result = run_into(file, fresh, fd, count, words);
		(void)close(fd);
		if (result != 0)
			(void)unlink(fresh);
	}
	free(fresh);
	return result;
}
