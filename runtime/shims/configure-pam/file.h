/* Reads PAM files and replaces them whole. What goes wrong is said on standard error. */
#ifndef HB_PAM_FILE_H
#define HB_PAM_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "configure.h"
#include "edit.h"

/* A PAM file as it was found, and what is to become of it. */
struct pam_file {
	char path[PATH_MAX];     /* for users */
	char name[NAME_MAX + 1]; /* in its folder */
	int folder;
	int fd;
	struct stat seen;
	unsigned tasks;
	struct text before;
	struct text after;
	bool restore;            /* after is the backup, which takes the file's place */
	bool has_backup;         /* looked for when something is to be undone */
};

enum found { FOUND, FOUND_NONE, FOUND_REFUSED };

/*
 * Reads a file. Refuses links, except that of common-auth to common-auth-pc and its like where no pam-config is: there it takes
 * the file that is meant. FOUND_NONE, in silence, when there is none.
 */
enum found file_open(struct pam_file *file, const char *path, const struct places *places);
void file_close(struct pam_file *file);

/* "PATH:ROW: WHY". row 0: without a row. */
void file_complain(const struct pam_file *file, unsigned row, const char *why);

/* Reads the backup beside the file, if it is a plain file of the same owner and mode. */
bool file_read_backup(const struct pam_file *file, struct text *backup);

/* Whether only root can change the content of the file's directory. */
bool file_is_safe(const struct pam_file *file);

/* Writes what it is to become into a new file beside it, with owner, mode, label and other attributes. */
bool file_prepare(struct pam_file *file);
/* Forgets what was prepared. */
void file_discard(struct pam_file *file);
/*
 * Puts the prepared file in its place at once and whole. keep: the old one stays as the backup, if there is none of the time
 * before the first change. False, with nothing changed, when the file is not what was read.
 */
bool file_commit(struct pam_file *file, bool keep);
/* Restores what a commit has replaced, as far as possible; reports a failure. */
bool file_roll_back(struct pam_file *file);

#endif
