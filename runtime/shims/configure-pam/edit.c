#include "edit.h"

#include <stdlib.h>
#include <string.h>

#include "place.h"

/*
 * A denial ends the stack, for whatever module comes next. What is none of our business, or a module that is not there, goes on
 * as if the line did not exist.
 */
#define DECIDE "[success=done ignore=ignore user_unknown=ignore service_err=ignore system_err=ignore " \
	       "authinfo_unavail=ignore module_unknown=ignore default=die]"
#define CHANGE "[success=done ignore=ignore module_unknown=ignore default=die]"
#define ADMIT "[success=ok auth_err=die acct_expired=die default=ignore]"

static const char *const added[TASKS] = {
	[TASK_ACCOUNT] = "account\t" ADMIT "\t" OUR_MODULE " ignore_unknown_user\n",
	[TASK_SESSION] = "session\toptional\t" OUR_MODULE "\n",
	[TASK_PASSWORD] = "password\t" CHANGE "\t" OUR_MODULE " ignore_unknown_user set_authtok\n",
	[TASK_AUTH] = "auth\t" DECIDE "\t" OUR_MODULE " ignore_unknown_user set_authtok\n",
	[TASK_UNSEAL] = "auth\toptional\t" OUR_MODULE " try_unseal\n",
};

static const enum stack stack_of[TASKS] = {
	[TASK_ACCOUNT] = STACK_ACCOUNT, [TASK_SESSION] = STACK_SESSION, [TASK_PASSWORD] = STACK_PASSWORD,
	[TASK_AUTH] = STACK_AUTH, [TASK_UNSEAL] = STACK_AUTH,
};

const enum task task_of[STACKS] = {
	[STACK_AUTH] = TASK_AUTH, [STACK_ACCOUNT] = TASK_ACCOUNT, [STACK_SESSION] = TASK_SESSION,
	[STACK_PASSWORD] = TASK_PASSWORD,
};

bool text_copy(struct text *to, const struct text *from)
{
	*to = (struct text){ .data = malloc(from->size + 1), .size = from->size };
	if (to->data == NULL)
		return false;
	memcpy(to->data, from->data, from->size);
	to->data[to->size] = '\0';
	return true;
}

bool text_same(const struct text *one, const struct text *other)
{
	return one->size == other->size && memcmp(one->data, other->data, one->size) == 0;
}

void text_free(struct text *text)
{
	free(text->data);
	*text = (struct text){ .data = NULL };
}

/* Replaces size bytes at position by a word. */
static bool put(struct text *text, size_t position, size_t size, const char *word)
{
	size_t length = strlen(word);
	struct text made = { .size = text->size - size + length };

	made.data = malloc(made.size + 1);
	if (made.data == NULL)
		return false;
	memcpy(made.data, text->data, position);
	memcpy(made.data + position, word, length);
	memcpy(made.data + position + length, text->data + position + size, text->size - position - size);
	made.data[made.size] = '\0';
	text_free(text);
	*text = made;
	return true;
}

static bool is_line_of(const struct line *line, enum task task)
{
	if (!line_runs(line, OUR_MODULE) || line->stack != stack_of[task])
		return false;
	return line->stack != STACK_AUTH || line_has_option(line, "try_unseal") == (task == TASK_UNSEAL);
}

static bool complain(struct complaint *complaint, unsigned row, const char *why)
{
	*complaint = (struct complaint){ .row = row, .why = why };
	return false;
}

static bool mend(struct text *text, const struct lines *lines, size_t index, enum task task)
{
	const struct line *line = &lines->line[index];
	struct span end = line->options.size > 0 ? line->options : line->module;

	if (task == TASK_ACCOUNT && !control_denies(line->control))
		return put(text, (size_t)(line->control.begin - text->data), line->control.size, ADMIT);
	if (task == TASK_PASSWORD && !line_has_option(line, "collect_authtok") && must_collect(lines, index + 1))
		return put(text, (size_t)(end.begin + end.size - text->data), 0, " collect_authtok");
	return true;
}

static bool insert(struct text *text, const struct lines *lines, enum task task)
{
	size_t at = place_of(lines, stack_of[task], task != TASK_UNSEAL);
	size_t position = at < lines->count ? (size_t)(lines->line[at].whole.begin - text->data) : text->size;
	bool collect = task == TASK_PASSWORD && must_collect(lines, at);
	size_t end = position + strlen(added[task]) - 1;

	if (position > 0 && text->data[position - 1] != '\n') {
		if (!put(text, position, 0, "\n"))
			return false;
		position++;
		end++;
	}
	return put(text, position, 0, added[task]) && (!collect || put(text, end, 0, " collect_authtok"));
}

static bool add_one(struct text *text, enum task task, struct complaint *complaint)
{
	struct lines lines;
	const struct line *last = NULL;
	bool done = false;
	bool result = true;

	if (!lines_read(&lines, text->data, text->size, complaint))
		return false;
	for (size_t i = 0; i < lines.count && !done; i++)
		if (is_line_of(&lines.line[i], task)) {
			done = true;
			result = mend(text, &lines, i, task) || complain(complaint, 0, "there is not enough memory");
		}
	for (size_t i = 0; i < lines.count && !done; i++)
		if (line_is_of(&lines.line[i], STACK_AUTH))
			last = &lines.line[i];
	if (!done && task == TASK_UNSEAL && last != NULL && line_runs(last, "pam_deny.so"))
		result = complain(complaint, last->row, "a line after pam_deny.so would be reached by failed sign-ins only");
	else if (!done)
		result = insert(text, &lines, task) || complain(complaint, 0, "there is not enough memory");
	lines_free(&lines);
	return result;
}

bool text_add(struct text *text, unsigned tasks, struct complaint *complaint)
{
	struct text made;

	if (!text_copy(&made, text))
		return complain(complaint, 0, "there is not enough memory");
	for (int task = 0; task < TASKS; task++)
		if ((tasks & (1u << task)) != 0 && !add_one(&made, (enum task)task, complaint)) {
			text_free(&made);
			return false;
		}
	text_free(text);
	*text = made;
	return true;
}

/* The task of a line of ours; TASKS for any other line. */
static enum task task_in(const struct line *line)
{
	int task = 0;

	while (task < TASKS && !is_line_of(line, (enum task)task))
		task++;
	return (enum task)task;
}

bool text_remove(struct text *text, unsigned tasks, struct complaint *complaint)
{
	struct lines lines;
	struct text made = { .data = malloc(text->size + 1) };
	bool managed = false;

	if (made.data == NULL)
		return complain(complaint, 0, "there is not enough memory");
	if (!lines_read(&lines, text->data, text->size, complaint)) {
		text_free(&made);
		return false;
	}
	for (size_t i = 0; i < lines.count; i++) {
		const struct line *line = &lines.line[i];
		enum task task = task_in(line);
		managed = line_begins(line, MANAGED_BEGIN) || (managed && !line_begins(line, MANAGED_END));
		if (task == TASKS || (tasks & (1u << task)) == 0 || managed) {
			memcpy(made.data + made.size, line->whole.begin, line->whole.size);
			made.size += line->whole.size;
			continue;
		}
		size_t jump = jump_across(&lines, line->stack, i);
		if (jump != i) {
			(void)complain(complaint, lines.line[jump].row,
				       "its jump count includes a line of pam_himmelblau.so: reduce the count by one and remove that line by hand");
			text_free(&made);
			lines_free(&lines);
			return false;
		}
	}
	made.data[made.size] = '\0';
	lines_free(&lines);
	text_free(text);
	*text = made;
	return true;
}

unsigned text_tasks(const struct text *text)
{
	struct lines lines;
	struct complaint complaint;
	unsigned tasks = 0;

	if (!lines_read(&lines, text->data, text->size, &complaint))
		return 0;
	for (size_t i = 0; i < lines.count; i++) {
		enum task task = task_in(&lines.line[i]);
		if (task != TASKS)
			tasks |= 1u << task;
	}
	lines_free(&lines);
	return tasks;
}
