/* What the extension's commands are as calls of the broker, and the broker's replies as messages for the extension. */
#ifndef HB_NATIVE_COMMANDS_H
#define HB_NATIVE_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

/* One command: which method of the broker it calls, with which request; or why none. */
struct command {
	char *name; /* as the extension gave it; "invalid" when it gave none */
	const char *method; /* NULL: error */
	char *request;
	const char *error;
};

/* False without memory. command_free in both cases. */
bool command_read(struct command *command, const char *text, size_t size);
void command_free(struct command *command);

/*
 * The message for the extension, freed by the caller: what the broker said, or with failed, what went wrong. NULL without memory.
 */
char *message_of_reply(const char *command, const char *reply);
char *message_of_failure(const char *command, const char *why);
char *message_of_state(bool online);

#endif
