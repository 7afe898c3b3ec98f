#include "plan.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "place.h"

static const char *const stack_names[STACKS] = { "auth", "account", "session", "password" };

static bool add_file(struct plan *plan, const char *path, enum task task, const struct places *places, enum found *found)
{
	struct pam_file *file = &plan->files[plan->count];

	*found = FOUND_REFUSED;
	if (plan->count == PLAN_FILES)
		return false;
	*found = file_open(file, path, places);
	if (*found != FOUND)
		return *found == FOUND_NONE;
	for (size_t i = 0; i < plan->count; i++) {
		struct pam_file *other = &plan->files[i];
		if (other->seen.st_dev == file->seen.st_dev && other->seen.st_ino == file->seen.st_ino) {
			other->tasks |= 1u << task;
			file_close(file);
			return true;
		}
	}
	file->tasks = 1u << task;
	plan->count++;
	return true;
}

static bool find(struct plan *plan, enum stack stack, enum task task, const struct places *places)
{
	static const char *const firsts[STACKS] = { "common-auth", "common-account", "common-session", "common-password" };
	const char *const names[] = { firsts[stack], "system-auth", "password-auth", "system-login" };
	char path[PATH_MAX];
	bool any = false;
	bool all = true;

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		enum found found;
		int size = snprintf(path, sizeof path, "%s/%s", places->pam_folder, names[i]);
		if (size < 0 || (size_t)size >= sizeof path || !add_file(plan, path, task, places, &found))
			all = false;
		else if (found == FOUND_NONE)
			continue;
		any = true;
	}
	if (any || plan->undo)
		return all;
	fprintf(stderr, "aad-tool: no file of the %s stack in %s; name one with --%s-file\n", stack_names[stack],
		places->pam_folder, stack_names[stack]);
	return false;
}

static bool collect(struct plan *plan, const struct places *places)
{
	bool all = true;

	for (int i = 0; i < STACKS; i++) {
		enum task task = plan->unseal ? TASK_UNSEAL : task_of[i];
		enum found found;
		if (plan->unseal && i != STACK_AUTH)
			continue;
		if (plan->given[i] == NULL) {
			all = find(plan, (enum stack)i, task, places) && all;
			continue;
		}
		all = add_file(plan, plan->given[i], task, places, &found) && all;
		if (found == FOUND_NONE) {
			fprintf(stderr, "aad-tool: %s: %s\n", plan->given[i], strerror(ENOENT));
			all = false;
		}
	}
	return all;
}

/* Whether the file takes in one of the others, which gets the same line: it would run twice. */
static bool includes_another(const struct plan *plan, const struct pam_file *file, enum stack stack, enum task task)
{
	struct lines lines;
	struct complaint complaint;
	bool result = false;

	if (!lines_read(&lines, file->before.data, file->before.size, &complaint))
		return false;
	for (size_t i = 0; i < lines.count; i++)
		for (size_t other = 0; other < plan->count; other++)
			if (&plan->files[other] != file && (plan->files[other].tasks & (1u << task)) != 0 &&
			    lines.line[i].kind != LINE_MODULE && line_is_of(&lines.line[i], stack) &&
			    (span_is(lines.line[i].module, plan->files[other].name) ||
			     span_is(lines.line[i].module, plan->files[other].path)))
				result = true;
	lines_free(&lines);
	return result;
}

static void leave_out_repetitions(struct plan *plan)
{
	size_t kept = 0;

	for (size_t i = 0; i < plan->count; i++) {
		struct pam_file *file = &plan->files[i];
		for (int stack = 0; stack < STACKS; stack++) {
			enum task task = plan->unseal ? TASK_UNSEAL : task_of[stack];
			if (plan->given[stack] == NULL && (file->tasks & (1u << task)) != 0 &&
			    includes_another(plan, file, (enum stack)stack, task))
				file->tasks &= ~(1u << task);
		}
	}
	for (size_t i = 0; i < plan->count; i++)
		if (plan->files[i].tasks == 0)
			file_close(&plan->files[i]);
		else
			plan->files[kept++] = plan->files[i];
	plan->count = kept;
}

/* Whether the file is what this program created from its backup: for any of the calls that may have made it. */
static bool comes_from(const struct pam_file *file, const struct text *backup, unsigned tasks)
{
	for (unsigned set = 1; set < 1u << TASKS; set++) {
		struct complaint complaint;
		struct text made;
		if ((set & ~tasks) != 0 || !text_copy(&made, backup))
			continue;
		bool same = text_add(&made, set, &complaint) && text_same(&made, &file->before);
		text_free(&made);
		if (same)
			return true;
	}
	return false;
}

static bool work_out_undo(struct pam_file *file, bool whole, struct complaint *complaint)
{
	struct text backup;
	unsigned tasks = file->tasks;

	if ((tasks & (1u << TASK_AUTH)) != 0)
		tasks |= 1u << TASK_UNSEAL;
	if (whole && file_read_backup(file, &backup)) {
		file->has_backup = true;
		file->restore = comes_from(file, &backup, tasks);
		if (file->restore) {
			text_free(&file->after);
			file->after = backup;
			return true;
		}
		text_free(&backup);
	}
	return text_remove(&file->after, tasks, complaint);
}

static bool work_out(const struct plan *plan, struct pam_file *file)
{
	struct complaint complaint = { .why = "there is not enough memory" };

	if (text_copy(&file->after, &file->before) &&
	    (plan->undo ? work_out_undo(file, !plan->unseal, &complaint) : text_add(&file->after, file->tasks, &complaint)))
		return true;
	file_complain(file, complaint.row, complaint.why);
	return false;
}

/* What pam-auth-update writes is better left to it. */
static void advise(const struct plan *plan, const struct places *places)
{
	if (access(places->pam_auth_update, X_OK) != 0)
		return;
	for (size_t i = 0; i < plan->count; i++) {
		const struct pam_file *file = &plan->files[i];
		bool changes = !text_same(&file->before, &file->after);
		if (strstr(file->before.data, MANAGED_BEGIN) == NULL || (plan->undo ? text_tasks(&file->after) == 0 : !changes))
			continue;
		fprintf(stderr, "aad-tool: on this host pam-auth-update writes these files; \"pam-auth-update %s himmelblau\" %s\n",
			plan->undo ? "--disable" : "--enable", plan->undo ? "removes its lines" : "is the better way");
		return;
	}
}

bool plan_make(struct plan *plan, const struct places *places)
{
	bool all = collect(plan, places);

	if (!plan->undo)
		leave_out_repetitions(plan);
	/* All of them, so that one run tells everything that is in the way. */
	for (size_t i = 0; i < plan->count; i++)
		all = work_out(plan, &plan->files[i]) && all;
	if (all)
		advise(plan, places);
	return all;
}

void plan_free(struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		file_close(&plan->files[i]);
	plan->count = 0;
}
