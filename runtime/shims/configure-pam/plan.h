/* Which files are to change, and into what. */
#ifndef HB_PAM_PLAN_H
#define HB_PAM_PLAN_H

#include "file.h"

enum { PLAN_FILES = 16 };

struct plan {
	bool really;
	bool undo;
	bool unseal;
	const char *given[STACKS];  /* files that were named; NULL: those that are found */
	struct pam_file files[PLAN_FILES];
	size_t count;
};

/* Reads all files and works out their new text. False, having said why, when one of them has to be left alone. */
bool plan_make(struct plan *plan, const struct places *places);
void plan_free(struct plan *plan);

#endif
