/* What each command is for. The table is made from the files that describe the commands: runtime/commands. */
#include <stdio.h>
#include <string.h>

#include "tool.h"

struct entry {
	const char *words;
	const char *summary;
	const char *text;
};

#include "command_table.h"

enum { ENTRIES = sizeof entries / sizeof entries[0], WORDS_MAX = 64 };

/* What plug-ins add on this host: the daemon lists what is not in the table. */
static void print_added(void)
{
	char words[2 + ENTRIES][WORDS_MAX];
	char *pointers[2 + ENTRIES];

	for (int i = 0; i < 2 + ENTRIES; i++) {
		const char *word = i == 0 ? "help" : i == 1 ? "--besides" : entries[i - 2].words;
		(void)snprintf(words[i], sizeof words[i], "%s", word);
		pointers[i] = words[i];
	}
	(void)fflush(stdout);
	admin_run_if_there(2 + ENTRIES, pointers);
}

static void print_all(void)
{
	printf("Talks to himmelblaud, which signs users in to this host.\n\n"
	       "Usage: aad-tool COMMAND [OPTIONS]\n\nCommands:\n");
	for (int i = 0; i < ENTRIES; i++)
		printf("  %-35s %s\n", entries[i].words, entries[i].summary);
	print_added();
	printf("\n\"aad-tool COMMAND --help\" shows the details.\n");
}

/* How many words of the command the given words begin with; 0 when they do not. */
static int covered(const char *command, int count, char **words)
{
	const char *space = strchr(command, ' ');
	size_t first = space == NULL ? strlen(command) : (size_t)(space - command);

	if (count < 1 || strlen(words[0]) != first || strncmp(words[0], command, first) != 0)
		return 0;
	if (space == NULL)
		return 1;
	return count >= 2 && strcmp(words[1], space + 1) == 0 ? 2 : 0;
}

bool help_knows(const char *word)
{
	for (int i = 0; i < ENTRIES; i++) {
		size_t length = strcspn(entries[i].words, " ");
		if (strlen(word) == length && strncmp(word, entries[i].words, length) == 0)
			return true;
	}
	return false;
}

bool help_print(int count, char **words)
{
	/* --list: what the daemon has, for completions. */
	if (count == 0 || (words[0][0] == '-' && strcmp(words[0], "--list") != 0)) {
		print_all();
		return true;
	}
	for (int i = 0; i < ENTRIES; i++)
		if (covered(entries[i].words, count, words) > 0) {
			fputs(entries[i].text, stdout);
			return true;
		}
	if (!help_knows(words[0]))
		return false;
	printf("Usage: aad-tool %s COMMAND [OPTIONS]\n\nCommands:\n", words[0]);
	for (int i = 0; i < ENTRIES; i++) {
		size_t length = strcspn(entries[i].words, " ");
		if (strlen(words[0]) == length && strncmp(words[0], entries[i].words, length) == 0)
			printf("  %-35s %s\n", entries[i].words, entries[i].summary);
	}
	return true;
}
