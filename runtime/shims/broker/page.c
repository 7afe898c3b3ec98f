#include "page.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the child of a process with threads: only what may be called there. The grandchild has no parent that must wait for it. */
_Noreturn static void become_browser(char *url)
{
	char *words[] = { (char[]){ "xdg-open" }, url, NULL };
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	setsid();
	if (fork() != 0)
		_exit(0);
	int nothing = open("/dev/null", O_RDWR);
	if (nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 && dup2(nothing, STDOUT_FILENO) >= 0)
		execvp(words[0], words);
	_exit(127);
}

bool page_open(const char *url)
{
	char *copy = strdup(url);
	pid_t child = copy == NULL ? -1 : fork();

	if (child == 0)
		become_browser(copy);
	free(copy);
	if (child < 0)
		return false;
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	return true;
}
