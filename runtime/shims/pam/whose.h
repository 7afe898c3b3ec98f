/*
 * Whose account a name is, as far as this host's own files say it without the daemon: local accounts need no daemon, and for an
 * account of the directory no answer means no (decision 0640).
 */
#ifndef HB_PAM_WHOSE_H
#define HB_PAM_WHOSE_H

#include <stdbool.h>
#include <stdio.h>

enum whose {
	WHOSE_LOCAL,     /* in /etc/passwd, and the daemon has nothing to do with it */
	WHOSE_MAPPED,    /* in /etc/passwd, and users of the directory sign in to it (user map) */
	WHOSE_DIRECTORY, /* the lookup map shows it */
	WHOSE_UNKNOWN,   /* of another name service, or unknown */
};

/* WHOSE_LOCAL, WHOSE_MAPPED, or WHOSE_UNKNOWN for everybody else. Reads two files. */
enum whose whose_by_files(const char *name);

/* The same, and WHOSE_DIRECTORY. Asks the host's name services, so only where it matters. */
enum whose whose(const char *name);

/* Whether a line of the file begins with the name and the end character (0: the line's end). */
bool whose_in_file(FILE *file, const char *name, char end);

#endif
