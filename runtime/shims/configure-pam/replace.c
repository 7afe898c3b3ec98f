#include "replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

bool replace_name(const struct pam_file *file, enum beside what, char name[REPLACE_NAME])
{
	/* Hidden names for what is there for a moment. */
	static const char *const ends[] = {
		[REPLACE_BACKUP] = ".before-himmelblau", [REPLACE_NEW] = ".himmelblau-new", [REPLACE_OLD] = ".himmelblau-old",
	};
	int size = snprintf(name, REPLACE_NAME, "%s%s%s", what == REPLACE_BACKUP ? "" : ".", file->name, ends[what]);

	if (size > 0 && size < REPLACE_NAME)
		return true;
	errno = ENAMETOOLONG;
	return false;
}

/* The kernel computes these from the content: those of the old file would make the new one unreadable. */
static bool is_of_content(const char *name)
{
	return strcmp(name, "security.ima") == 0 || strcmp(name, "security.evm") == 0;
}

static bool copy_attribute(int from, int to, const char *name)
{
	ssize_t size = fgetxattr(from, name, NULL, 0);
	char *value = size < 0 ? NULL : malloc((size_t)size + 1);
	bool done = false;

	if (value != NULL) {
		size = fgetxattr(from, name, value, (size_t)size);
		done = size >= 0 && fsetxattr(to, name, value, (size_t)size, 0) == 0;
	}
	free(value);
	return done;
}

static bool copy_attributes(int from, int to)
{
	ssize_t size = flistxattr(from, NULL, 0);

	if (size <= 0)
		return size == 0 || errno == ENOTSUP;
	char *names = malloc((size_t)size);
	if (names == NULL)
		return false;
	size = flistxattr(from, names, (size_t)size);
	bool done = size >= 0;
	for (ssize_t i = 0; done && i < size; i += (ssize_t)strlen(names + i) + 1)
		done = is_of_content(names + i) || copy_attribute(from, to, names + i);
	free(names);
	return done;
}

static bool write_all(int fd, const struct text *text)
{
	for (size_t done = 0; done < text->size;) {
		ssize_t size = write(fd, text->data + done, text->size - done);
		if (size < 0 && errno != EINTR)
			return false;
		done += size < 0 ? 0 : (size_t)size;
	}
	return true;
}

/* A file of that name with this text, on the disk, with the attributes of the file. */
static bool write_beside(const struct pam_file *file, const char *name, const struct text *text)
{
	/* What an interrupted run has left. */
	if (unlinkat(file->folder, name, 0) != 0 && errno != ENOENT)
		return false;
	int fd = openat(file->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
	if (fd < 0)
		return false;
	bool done = write_all(fd, text) && fchown(fd, file->seen.st_uid, file->seen.st_gid) == 0 &&
		    fchmod(fd, file->seen.st_mode & 07777) == 0 && copy_attributes(file->fd, fd) && fsync(fd) == 0;
	int error = errno;
	close(fd);
	if (!done)
		(void)unlinkat(file->folder, name, 0);
	errno = error;
	return done;
}

static bool failed(const struct pam_file *file)
{
	file_complain(file, 0, strerror(errno));
	return false;
}

bool file_prepare(struct pam_file *file)
{
	char name[REPLACE_NAME];

	if (file->restore)
		return true;
	return (replace_name(file, REPLACE_NEW, name) && write_beside(file, name, &file->after)) || failed(file);
}

void file_discard(struct pam_file *file)
{
	char name[REPLACE_NAME];

	if (!file->restore && replace_name(file, REPLACE_NEW, name))
		(void)unlinkat(file->folder, name, 0);
}

static bool is_as_read(const struct pam_file *file)
{
	struct stat now;

	return fstatat(file->folder, file->name, &now, AT_SYMLINK_NOFOLLOW) == 0 && now.st_dev == file->seen.st_dev &&
	       now.st_ino == file->seen.st_ino && now.st_size == file->seen.st_size &&
	       now.st_mtim.tv_sec == file->seen.st_mtim.tv_sec && now.st_mtim.tv_nsec == file->seen.st_mtim.tv_nsec;
}

/* The file itself becomes the backup, with all that belongs to it; the new one takes its name a moment later. */
static bool back_up(const struct pam_file *file)
{
	char backup[REPLACE_NAME];
	char name[REPLACE_NAME];

	if (!replace_name(file, REPLACE_BACKUP, backup) || !replace_name(file, REPLACE_OLD, name))
		return false;
	/* A backup is of the time before the first change, unless our lines were removed in the meantime. */
	if (text_tasks(&file->before) != 0 && faccessat(file->folder, backup, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return true;
	if (unlinkat(file->folder, name, 0) != 0 && errno != ENOENT)
		return false;
	if (linkat(file->folder, file->name, file->folder, name, 0) != 0)
		return false;
	bool done = renameat(file->folder, name, file->folder, backup) == 0;
	int error = errno;
	/* Two names of one file are left alone by a rename. */
	(void)unlinkat(file->folder, name, 0);
	errno = error;
	return done;
}

bool file_commit(struct pam_file *file, bool keep)
{
	char name[REPLACE_NAME];

	if (!is_as_read(file)) {
		file_complain(file, 0, "another program has changed the file in the meantime");
		return false;
	}
	if (!replace_name(file, file->restore ? REPLACE_BACKUP : REPLACE_NEW, name) || (keep && !back_up(file)) ||
	    renameat(file->folder, name, file->folder, file->name) != 0)
		return failed(file);
	/* A power cut before the folder is on the disk brings the old file back, which is whole, too. */
	(void)fsync(file->folder);
	return true;
}

bool file_roll_back(struct pam_file *file)
{
	char name[REPLACE_NAME];

	if (replace_name(file, REPLACE_NEW, name) && write_beside(file, name, &file->before) &&
	    renameat(file->folder, name, file->folder, file->name) == 0)
		return true;
	file_complain(file, 0, "was changed, and could not be restored");
	return false;
}
