/*
 * linux-entra-sso: what the browser extension of that name talks to (native messaging), in place of that project's own program.
 * The browser starts it, with its own words as arguments, and ends it by closing its input.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host.h"

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--version") == 0)
			return printf("linux-entra-sso %s\n", HB_VERSION) < 0;
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return fputs("Usage: linux-entra-sso\n"
				     "Started by a browser for the extension linux-entra-sso; speaks native messaging on its standard streams.\n",
				     stdout) < 0;
	}
	signal(SIGPIPE, SIG_IGN);
	return host_run(STDIN_FILENO, STDOUT_FILENO);
}
