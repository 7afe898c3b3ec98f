#include "commands.h"

#include <stdlib.h>
#include <string.h>

/* Microsoft Edge, on whose behalf the extension asks. */
#define CLIENT "d7b530a4-7680-4c23-a8bf-c52c121d2e87"
#define REDIRECT "https://login.microsoftonline.com/common/oauth2/nativeclient"
#define AUTHORITY "https://login.microsoftonline.com/common"
#define SCOPE "https://graph.microsoft.com/.default"
#define SSO_URL "https://login.microsoftonline.com/"

enum { CACHED_REFRESH_TOKEN = 1, PRT_SSO_COOKIE = 8 };

/* NULL without memory. account and scopes are referenced. */
static json_t *parameters(json_t *account, json_t *scopes, int type)
{
	json_t *made = scopes != NULL ? json_incref(scopes) : json_pack("[s]", SCOPE);
	const char *name = json_string_value(json_object_get(account, "username"));

	return json_pack("{s:O, s:{}, s:s, s:i, s:s, s:s, s:o, s:s, s:i}",
			 "account", account, "additionalQueryParametersForAuthorization", "authority", AUTHORITY,
			 "authorizationType", type, "clientId", CLIENT, "redirectUri", REDIRECT, "requestedScopes", made,
			 "username", name != NULL ? name : "", "uxContextHandle", -1);
}

static bool build(struct command *command, const char *method, json_t *request)
{
	command->method = method;
	command->request = request == NULL ? NULL : json_dumps(request, JSON_COMPACT);
	json_decref(request);
	return command->request != NULL;
}

static bool refuse(struct command *command, const char *error)
{
	command->error = error;
	return true;
}

static bool get_accounts(struct command *command, json_t *message)
{
	(void)message;
	return build(command, "getAccounts", json_pack("{s:s, s:s}", "clientId", CLIENT, "redirectUri", REDIRECT));
}

static bool get_version(struct command *command, json_t *message)
{
	(void)message;
	return build(command, "getLinuxBrokerVersion", json_pack("{s:s}", "clientId", CLIENT));
}

static bool acquire_token(struct command *command, json_t *message)
{
	json_t *account = json_object_get(message, "account");
	json_t *scopes = json_object_get(message, "scopes");

	if (!json_is_object(account))
		return refuse(command, "Invalid request: \"account\" must be an object");
	if (json_is_null(scopes))
		scopes = NULL;
	if (scopes != NULL && !json_is_array(scopes))
		return refuse(command, "Invalid request: \"scopes\" must be an array");
	return build(command, "acquireTokenSilently",
		     json_pack("{s:o}", "authParameters", parameters(account, scopes, CACHED_REFRESH_TOKEN)));
}

static bool acquire_cookie(struct command *command, json_t *message)
{
	json_t *account = json_object_get(message, "account");
	const json_t *given = json_object_get(message, "ssoUrl");
	const char *url = json_is_null(given) ? SSO_URL : json_string_value(given);

	if (!json_is_object(account))
		return refuse(command, "Invalid request: \"account\" must be an object");
	if (url == NULL)
		return refuse(command, "Invalid request: \"ssoUrl\" must be a text");
	json_t *made = parameters(account, NULL, PRT_SSO_COOKIE);
	json_object_set_new(made, "ssoUrl", json_string(url));
	return build(command, "acquirePrtSsoCookie",
		     json_pack("{s:O, s:o, s:b, s:s}", "account", account, "authParameters", made, "mamEnrollment", 0, "ssoUrl", url));
}

static const struct {
	const char *name;
	bool (*read)(struct command *command, json_t *message);
} commands[] = {
	{ "getAccounts", get_accounts },
	{ "getVersion", get_version },
	{ "acquireTokenSilently", acquire_token },
	{ "acquirePrtSsoCookie", acquire_cookie },
};

static bool read_message(struct command *command, json_t *message)
{
	const char *name = json_string_value(json_object_get(message, "command"));

	command->name = strdup(name != NULL ? name : "invalid");
	if (command->name == NULL)
		return false;
	if (name == NULL)
		return refuse(command, "Invalid request: neither JSON nor a command");
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (strcmp(commands[i].name, name) == 0)
			return commands[i].read(command, message);
	return refuse(command, "Invalid request: unknown command");
}

bool command_read(struct command *command, const char *text, size_t size)
{
	json_t *message = json_loadb(text, size, 0, NULL);

	*command = (struct command){ .name = NULL };
	bool done = read_message(command, message);
	json_decref(message);
	return done;
}

void command_free(struct command *command)
{
	free(command->name);
	free(command->request);
	*command = (struct command){ .name = NULL };
}

static char *message_of(const char *command, json_t *content)
{
	json_t *message = json_pack("{s:s, s:o}", "command", command, "message", content);
	char *text = message == NULL ? NULL : json_dumps(message, JSON_COMPACT);

	json_decref(message);
	return text;
}

char *message_of_failure(const char *command, const char *why)
{
	return message_of(command, json_pack("{s:s}", "error", why));
}

char *message_of_reply(const char *command, const char *reply)
{
	json_t *content = json_loads(reply, 0, NULL);

	if (!json_is_object(content)) {
		json_decref(content);
		return message_of_failure(command, "Failure during request processing: the broker's reply is no JSON object");
	}
	if (strcmp(command, "getVersion") == 0)
		json_object_set_new(content, "native", json_string(HB_VERSION));
	return message_of(command, content);
}

char *message_of_state(bool online)
{
	return message_of("brokerStateChanged", json_string(online ? "online" : "offline"));
}
