/* The parts of aad-tool. */
#ifndef HB_TOOL_H
#define HB_TOOL_H

#include <stdbool.h>

enum { EXIT_USAGE = 2 };

/* The sign-in socket; the admin socket is in the same directory. */
const char *tool_socket(void);
/* LC_ALL, LC_MESSAGES or LANG; "" when unset. */
const char *tool_locale(void);
/* Reports on standard error why there is no answer on path. */
void tool_explain(const char *path, int error);

/* Prints the help of the command that the words begin with, or of the tool without words; false for an unknown command. */
bool help_print(int count, char **words);
/* Whether a command of that name is known here. */
bool help_knows(const char *word);

/* Runs a command in the daemon; its exit code. say: what to print when it succeeds without a word, or NULL. */
int admin_run(int count, char **words, const char *say);
/* As admin_run, but does nothing when there is no daemon. */
void admin_run_if_there(int count, char **words);

/* "cred cert": as admin_run, but writes what --cert-out names. */
int certificate_run(int count, char **words);

/* "config check FILE": makes the file standard input; false, with the reason said, if it cannot be. True for all others. */
bool input_from_file(int count, char **words);

/* Plays a PAM conversation; its exit code. */
int auth_test(int count, char **words);

#endif
