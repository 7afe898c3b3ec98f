/* What each command is for, as "aad-tool help" tells it. distro/man/aad-tool.1 tells the same. */
#include <stdio.h>
#include <string.h>

#include "tool.h"

struct entry {
	const char *words;
	const char *who;
	const char *summary;
	const char *usage;
	const char *options;
};

static const struct entry entries[] = {
	{ "application list", "you", "List the application registrations of the tenant", "[-D UPN] --client-id ID",
	  "  -D, --name UPN          sign in as this person (root)\n"
	  "      --client-id ID      application to sign in with\n" },
	{ "application create", "you", "Create an application registration",
	  "[-D UPN] --client-id ID --display-name NAME [--redirect-uri URI]... [--user-read-write] [--group-read-write]",
	  "  -D, --name UPN          sign in as this person (root)\n"
	  "      --client-id ID      application to sign in with\n"
	  "      --display-name NAME name of the new application\n"
	  "      --redirect-uri URI  may be given more than once\n"
	  "      --user-read-write   let it change users\n"
	  "      --group-read-write  let it change groups\n" },
	{ "application list-schema-extensions", "you", "List the schema extensions of an application",
	  "[-D UPN] --client-id ID --schema-app-object-id ID",
	  "  -D, --name UPN          sign in as this person (root)\n"
	  "      --client-id ID      application to sign in with\n"
	  "      --schema-app-object-id ID  object id of the application that holds the extensions\n" },
	{ "application add-schema-extensions", "you",
	  "Register uidNumber, gidNumber, unixHomeDirectory, loginShell and gecos",
	  "[-D UPN] --client-id ID --schema-app-object-id ID",
	  "  -D, --name UPN          sign in as this person (root)\n"
	  "      --client-id ID      application to sign in with\n"
	  "      --schema-app-object-id ID  object id of the application that is to hold them\n" },
	{ "auth-test", "anyone", "Try a sign-in on this terminal", "--name NAME [--force-reauth]",
	  "  -D, --name NAME         who signs in\n"
	  "      --force-reauth      as if nothing were cached\n" },
	{ "cache-clear", "root", "Make himmelblaud forget cached entries, or everything", "[--nss] [--mapped] [--full]",
	  "      --nss               only the look-up cache\n"
	  "      --mapped            only the names that a script mapped\n"
	  "      --full              everything: unjoins this host; asks first\n" },
	{ "cache-invalidate", "root", "Old name of cache-clear", "[--nss] [--mapped] [--full]",
	  "      as cache-clear\n" },
	{ "compliance-check", "you", "Check this device against your organisation's rules", "", "" },
	{ "configure-pam", "anyone; root with --really", "Show or make the changes to /etc/pam.d; himmelblaud need not run",
	  "[--really] [--undo] [--auth-file FILE] [--account-file FILE] [--session-file FILE] [--password-file FILE] [--try-unseal]",
	  "      --really            change the files; without it they are only shown\n"
	  "      --undo              take out what this command has put in\n"
	  "      --auth-file FILE, --account-file FILE, --session-file FILE, --password-file FILE\n"
	  "                          instead of the files that are found in /etc/pam.d\n"
	  "      --try-unseal        only the line that unlocks with an earlier module's password\n" },
	{ "cred secret", "root", "Store a client secret for a domain", "--client-id ID --domain DOMAIN --secret SECRET",
	  "      --client-id ID      application that the secret belongs to\n"
	  "      --domain DOMAIN     domain that uses it\n"
	  "      --secret SECRET     the secret\n" },
	{ "cred cert", "root", "Make a key and certificate for a domain",
	  "--client-id ID --domain DOMAIN --valid-days N --cert-out FILE",
	  "      --client-id ID      application that will trust the certificate\n"
	  "      --domain DOMAIN     domain that uses it\n"
	  "      --valid-days N      how long it is valid\n"
	  "      --cert-out FILE     where the certificate goes (PEM)\n" },
	{ "cred delete", "root", "Delete a domain's credentials", "--domain DOMAIN [--secret] [--cert]",
	  "      --domain DOMAIN     whose credentials\n"
	  "      --secret, --cert    only this one; both without\n" },
	{ "cred list", "root", "Tell which credentials a domain has", "--domain DOMAIN",
	  "      --domain DOMAIN     whose credentials\n" },
	{ "enumerate", "root", "Fill the static id map from the directory", "[-D UPN] [--client-id ID]",
	  "  -D, --name UPN          sign in as this person instead of with stored credentials\n"
	  "      --client-id ID      application to sign in with\n" },
	{ "user set-posix-attrs", "you", "Set POSIX attributes of a user",
	  "[-D UPN] --schema-client-id ID --user-id ID [--uid N] [--gid N] [--home DIR] [--shell FILE] [--gecos TEXT]",
	  "  -D, --name UPN          sign in as this person (root)\n"
	  "      --schema-client-id ID  application that holds the schema extensions\n"
	  "      --user-id ID        whom to change\n"
	  "      --uid N, --gid N, --home DIR, --shell FILE, --gecos TEXT\n" },
	{ "group set-posix-attrs", "you", "Set POSIX attributes of a group",
	  "[-D UPN] --schema-client-id ID --group-id ID --gid N",
	  "  -D, --name UPN          sign in as this person (root)\n"
	  "      --schema-client-id ID  application that holds the schema extensions\n"
	  "      --group-id ID       which group to change\n"
	  "      --gid N             its new number\n" },
	{ "idmap user-add", "root", "Give a person fixed ids", "--name UPN --uid N --gid N",
	  "  -D, --name UPN          who\n"
	  "  -u, --uid N             user id\n"
	  "  -g, --gid N             primary group id\n" },
	{ "idmap group-add", "root", "Give a group a fixed id", "--object_id ID --gid N",
	  "  -D, --object_id ID      which group\n"
	  "  -g, --gid N             group id\n" },
	{ "idmap clear", "root", "Forget all fixed ids", "", "" },
	{ "offline-breakglass", "root", "Allow cached passwords while the network is down", "[--ttl TIME]",
	  "      --ttl TIME          how long: seconds, or with m, h or d\n" },
	{ "shell", "root", "An interactive shell inside himmelblaud", "", "" },
	{ "status", "anyone", "Tell whether himmelblaud works", "", "" },
	{ "tpm", "root", "Tell how keys are protected on this host", "", "" },
	{ "version", "anyone", "Print the version", "", "" },
};

enum { ENTRIES = sizeof entries / sizeof entries[0] };

static void print_entry(const struct entry *entry)
{
	printf("%s (%s)\n\nUsage: aad-tool %s%s%s\n\nOptions:\n%s"
	       "  -d, --debug             accepted; himmelblaud's log tells more\n"
	       "  -h, --help              this text\n",
	       entry->summary, entry->who, entry->words, entry->usage[0] == '\0' ? "" : " ", entry->usage, entry->options);
}

static void print_all(void)
{
	printf("Talks to himmelblaud, which signs people in to this host.\n\n"
	       "Usage: aad-tool COMMAND [OPTIONS]\n\nCommands:\n");
	for (int i = 0; i < ENTRIES; i++)
		printf("  %-35s %s\n", entries[i].words, entries[i].summary);
	printf("  %-35s %s\n\n", "help [COMMAND]", "This text, or that of a command");
	printf("\"aad-tool COMMAND --help\" tells more. Bundles of others may bring further commands.\n");
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
	if (count == 0 || words[0][0] == '-') {
		print_all();
		return true;
	}
	for (int i = 0; i < ENTRIES; i++)
		if (covered(entries[i].words, count, words) > 0) {
			print_entry(&entries[i]);
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
