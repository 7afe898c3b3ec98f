#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "replace.h"

enum { LARGEST = 256 * 1024 };

void file_complain(const struct pam_file *file, unsigned row, const char *why)
{
	if (row > 0)
		fprintf(stderr, "aad-tool: %s:%u: %s\n", file->path, row, why);
	else
		fprintf(stderr, "aad-tool: %s: %s\n", file->path, why);
}

static bool read_text(int fd, struct text *text)
{
	size_t room = LARGEST + 1;

	*text = (struct text){ .data = malloc(room + 1) };
	if (text->data == NULL)
		return false;
	while (text->size < room) {
		ssize_t size = read(fd, text->data + text->size, room - text->size);
		if (size < 0 && errno == EINTR)
			continue;
		if (size <= 0) {
			text->data[text->size] = '\0';
			if (size == 0)
				return true;
			break;
		}
		text->size += (size_t)size;
	}
	if (text->size >= room)
		errno = EFBIG;
	text_free(text);
	return false;
}

/* Splits the path and opens the folder. */
static bool open_folder(struct pam_file *file, const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;
	size_t size = slash == NULL ? 0 : (size_t)(slash - path);

	if (strlen(path) >= sizeof file->path || strlen(name) >= sizeof file->name) {
		errno = ENAMETOOLONG;
		return false;
	}
	strcpy(file->path, path);
	strcpy(file->name, name);
	memcpy(folder, path, size);
	folder[size] = '\0';
	file->folder = open(slash == NULL ? "." : size == 0 ? "/" : folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return file->folder >= 0;
}

static enum found refuse(const struct pam_file *file, const char *why)
{
	file_complain(file, 0, why);
	return FOUND_REFUSED;
}

/* Whether the target is this file's name with -pc, in the same folder. */
static bool is_pam_config_link(const struct pam_file *file, const char *target)
{
	size_t size = strlen(file->name);
	size_t folder = strlen(file->path) - size;

	if (strncmp(target, file->path, folder) == 0)
		target += folder;
	return strncmp(target, file->name, size) == 0 && strcmp(target + size, "-pc") == 0;
}

static enum found follow(struct pam_file *file, const char *target, const struct places *places)
{
	char why[PATH_MAX + 100];

	if (strstr(target, "/authselect/") != NULL)
		return refuse(file, "authselect writes this file (it is a link); use \"authselect select himmelblau\" with the features you need");
	if (!is_pam_config_link(file, target)) {
		snprintf(why, sizeof why, "is a link to %s; name that file instead, if it is the one to change", target);
		return refuse(file, why);
	}
	if (access(places->pam_config, X_OK) == 0)
		return refuse(file, "pam-config writes this file (it is a link); use \"pam-config --add --himmelblau\"");
	if (strlen(file->name) + 3 >= sizeof file->name || strlen(file->path) + 3 >= sizeof file->path)
		return refuse(file, strerror(ENAMETOOLONG));
	strcat(file->name, "-pc");
	strcat(file->path, "-pc");
	return FOUND;
}

static enum found open_plain(struct pam_file *file)
{
	file->fd = openat(file->folder, file->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (file->fd < 0 || fstat(file->fd, &file->seen) != 0)
		return refuse(file, errno == ELOOP ? "is a link to a link" : strerror(errno));
	if (!S_ISREG(file->seen.st_mode))
		return refuse(file, "is not a regular file");
	return read_text(file->fd, &file->before) ? FOUND : refuse(file, strerror(errno));
}

enum found file_open(struct pam_file *file, const char *path, const struct places *places)
{
	char target[PATH_MAX];
	struct stat entry;
	enum found found = FOUND;

	*file = (struct pam_file){ .folder = -1, .fd = -1 };
	if (!open_folder(file, path)) {
		int error = errno;
		if (error != ENOENT)
			fprintf(stderr, "aad-tool: %s: its directory: %s\n", path, strerror(error));
		return error == ENOENT ? FOUND_NONE : FOUND_REFUSED;
	}
	if (fstatat(file->folder, file->name, &entry, AT_SYMLINK_NOFOLLOW) != 0)
		found = errno == ENOENT ? FOUND_NONE : refuse(file, strerror(errno));
	else if (S_ISLNK(entry.st_mode)) {
		ssize_t size = readlinkat(file->folder, file->name, target, sizeof target - 1);
		target[size < 0 ? 0 : size] = '\0';
		found = follow(file, target, places);
	} else if (strstr(path, "/authselect/") != NULL)
		found = refuse(file, "authselect writes this file; use \"authselect select himmelblau\" with the features you need");
	else if (strlen(file->name) > 3 && strcmp(file->name + strlen(file->name) - 3, "-pc") == 0 &&
		 access(places->pam_config, X_OK) == 0)
		found = refuse(file, "pam-config writes this file; use \"pam-config --add --himmelblau\"");
	if (found == FOUND)
		found = open_plain(file);
	if (found != FOUND)
		file_close(file);
	return found;
}

void file_close(struct pam_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	if (file->folder >= 0)
		close(file->folder);
	text_free(&file->before);
	text_free(&file->after);
	file->fd = -1;
	file->folder = -1;
}

bool file_read_backup(const struct pam_file *file, struct text *backup)
{
	char name[REPLACE_NAME];
	struct stat status;

	if (!replace_name(file, REPLACE_BACKUP, name))
		return false;
	int fd = openat(file->folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool same = fstat(fd, &status) == 0 && status.st_mode == file->seen.st_mode && status.st_uid == file->seen.st_uid &&
		    status.st_gid == file->seen.st_gid;
	bool result = same && S_ISREG(status.st_mode) && read_text(fd, backup);
	close(fd);
	return result;
}

bool file_is_safe(const struct pam_file *file)
{
	struct stat folder;

	if (fstat(file->folder, &folder) != 0) {
		file_complain(file, 0, strerror(errno));
		return false;
	}
	if ((folder.st_uid != 0 && folder.st_uid != geteuid()) || (folder.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		file_complain(file, 0, "users other than root may change its directory");
		return false;
	}
	return true;
}
