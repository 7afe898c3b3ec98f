#include "configure.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "file.h"
#include "plan.h"

enum { EXIT_USAGE = 2 };

static const char UNCHANGED[] = "aad-tool: nothing was changed\n";

static int usage(const char *why, const char *word)
{
	fprintf(stderr, "aad-tool: configure-pam: %s: %s; \"aad-tool help configure-pam\" shows the details\n", word, why);
	return EXIT_USAGE;
}

static bool *switch_of(struct plan *plan, const char *word)
{
	return strcmp(word, "--really") == 0 ? &plan->really :
	       strcmp(word, "--undo") == 0 ? &plan->undo :
	       strcmp(word, "--try-unseal") == 0 ? &plan->unseal : NULL;
}

/* Where the value of an option like --auth-file goes; size: the length of its name. */
static const char **value_of(struct plan *plan, const char *word, size_t *size)
{
	static const char *const names[STACKS] = { "--auth-file", "--account-file", "--session-file", "--password-file" };

	for (int i = 0; i < STACKS; i++) {
		*size = strlen(names[i]);
		if (strncmp(word, names[i], *size) == 0 && (word[*size] == '\0' || word[*size] == '='))
			return &plan->given[i];
	}
	return NULL;
}

static int read_options(struct plan *plan, int count, char **words)
{
	for (int i = 0; i < count; i++) {
		const char *option = words[i];
		size_t size;
		bool *flag = switch_of(plan, option);
		const char **value = value_of(plan, option, &size);
		if (flag != NULL) {
			*flag = true;
			continue;
		}
		if (value == NULL)
			return usage("is not known", option);
		if (*value != NULL)
			return usage("was given twice", option);
		*value = option[size] == '=' ? option + size + 1 : i + 1 < count ? words[++i] : "";
		if (**value == '\0')
			return usage("a file is needed", option);
	}
	if (plan->unseal && (plan->given[STACK_ACCOUNT] || plan->given[STACK_SESSION] || plan->given[STACK_PASSWORD]))
		return usage("concerns the auth stack only", "--try-unseal");
	return EXIT_SUCCESS;
}

static void show(const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		const struct text *text = &plan->files[i].after;
		printf("%s[%s] (dry run):\n", i == 0 ? "" : "\n", plan->files[i].path);
		fwrite(text->data, 1, text->size, stdout);
		if (text->size > 0 && text->data[text->size - 1] != '\n')
			putchar('\n');
	}
}

static bool changes(const struct pam_file *file)
{
	return file->restore || !text_same(&file->before, &file->after);
}

static void tell(const struct plan *plan, const struct pam_file *file)
{
	if (!changes(file))
		printf("%s: nothing to change\n", file->path);
	else if (!plan->undo)
		printf("%s: changed; the original is in %s.before-himmelblau\n", file->path, file->path);
	else if (file->restore)
		printf("%s: restored to its original content\n", file->path);
	else if (file->has_backup)
		printf("%s: lines of pam_himmelblau.so removed; the file was changed in the meantime, so %s.before-himmelblau stays\n",
		       file->path, file->path);
	else
		printf("%s: lines of pam_himmelblau.so removed\n", file->path);
}

static void roll_back(struct plan *plan, const bool *done)
{
	bool all = true;

	for (size_t i = 0; i < plan->count; i++)
		all = (!done[i] || file_roll_back(&plan->files[i])) && all;
	if (all)
		fputs(UNCHANGED, stderr);
}

/*
 * Files that let users in are the last to get our lines and the first to lose them: nobody gets past the account check in
 * between.
 */
static bool commit(struct plan *plan)
{
	bool done[PLAN_FILES] = { false };

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < plan->count; i++) {
			struct pam_file *file = &plan->files[i];
			bool admits = (file->tasks & (1u << TASK_AUTH)) != 0;
			if (!changes(file) || admits != ((pass == 1) != plan->undo))
				continue;
			done[i] = file_commit(file, !plan->undo);
			if (!done[i]) {
				roll_back(plan, done);
				return false;
			}
		}
	return true;
}

static bool prepare(struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		if (!file_is_safe(&plan->files[i]))
			return false;
	for (size_t i = 0; i < plan->count; i++)
		if (changes(&plan->files[i]) && !file_prepare(&plan->files[i]))
			return false;
	return true;
}

static int change(struct plan *plan)
{
	sigset_t all;
	sigset_t before;

	/* From here to the end in one go: an interrupt would leave half of the files changed. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	bool prepared = prepare(plan);
	if (!prepared)
		fputs(UNCHANGED, stderr);
	bool done = prepared && commit(plan);
	for (size_t i = 0; i < plan->count; i++)
		file_discard(&plan->files[i]);
	sigprocmask(SIG_SETMASK, &before, NULL);
	for (size_t i = 0; done && i < plan->count; i++)
		tell(plan, &plan->files[i]);
	return done ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* One at a time. */
static bool lock(const struct places *places, int *fd)
{
	*fd = open(places->pam_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*fd < 0 || flock(*fd, LOCK_EX | LOCK_NB) == 0)
		return true;
	fputs("aad-tool: another \"aad-tool configure-pam\" is running\n", stderr);
	close(*fd);
	return false;
}

int configure_pam(int count, char **words, const struct places *places)
{
	struct plan *plan = calloc(1, sizeof *plan);
	int fd = -1;

	if (plan == NULL) {
		perror("aad-tool");
		return EXIT_FAILURE;
	}
	int result = read_options(plan, count, words);
	if (result == EXIT_SUCCESS && plan->really && geteuid() != 0) {
		fputs("This command must be run as root.\n", stderr);
		result = EXIT_FAILURE;
	}
	if (result == EXIT_SUCCESS && plan->really && !lock(places, &fd))
		result = EXIT_FAILURE;
	if (result == EXIT_SUCCESS && !plan_make(plan, places)) {
		fputs(UNCHANGED, stderr);
		result = EXIT_FAILURE;
	}
	if (result == EXIT_SUCCESS && plan->really)
		result = change(plan);
	else if (result == EXIT_SUCCESS)
		show(plan);
	plan_free(plan);
	free(plan);
	if (fd >= 0)
		close(fd);
	return result;
}
