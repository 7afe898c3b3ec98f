/* What pam_himmelblau.so needs in a PAM file: puts it in, takes it out. Works on text; touches no file. */
#ifndef HB_PAM_EDIT_H
#define HB_PAM_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "line.h"

/* One line of ours; a set of them has the bits 1 << task. */
enum task { TASK_ACCOUNT, TASK_SESSION, TASK_PASSWORD, TASK_AUTH, TASK_UNSEAL, TASKS };

/* What belongs to enum stack. */
extern const enum task task_of[STACKS];

struct text {
	char *data;
	size_t size;
};

bool text_copy(struct text *to, const struct text *from);
bool text_same(const struct text *one, const struct text *other);
void text_free(struct text *text);

/*
 * Adds the lines of these tasks that are missing; repairs those that would let a denied account in, or local accounts not change
 * their passwords. Leaves the text alone when nothing is to be done. False, with a complaint, leaves the text alone, too.
 */
bool text_add(struct text *text, unsigned tasks, struct complaint *complaint);

/* Takes out the lines of these tasks, except those that pam-auth-update has written. */
bool text_remove(struct text *text, unsigned tasks, struct complaint *complaint);

/* Which tasks have a line in this text; one that cannot be read has none. */
unsigned text_tasks(const struct text *text);

#endif
