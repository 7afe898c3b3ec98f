/* The names of the files beside a PAM file. */
#ifndef HB_PAM_REPLACE_H
#define HB_PAM_REPLACE_H

#include <limits.h>
#include <stdbool.h>

#include "file.h"

enum { REPLACE_NAME = NAME_MAX + 1 };
enum beside { REPLACE_BACKUP, REPLACE_NEW, REPLACE_OLD };

/* False, with errno, when the name would be too long. */
bool replace_name(const struct pam_file *file, enum beside what, char name[REPLACE_NAME]);

#endif
