#include "json.h"

#include <string.h>

#include <jansson.h>

/* status of an error object: 0 is "not said", 2 "interaction required"; the others (no network, wrong request) remain after a sign-in. */
enum { NOT_SAID = 0, INTERACTION_REQUIRED = 2 };

bool json_demands_sign_in(const char *request)
{
	json_t *root = json_loads(request, 0, NULL);
	const json_t *parameters = json_object_get(root, "authParameters");
	const char *prompt = json_string_value(json_object_get(parameters, "prompt"));
	const char *claims = json_string_value(json_object_get(parameters, "decodedClaims"));
	bool demands = (prompt != NULL && (strcmp(prompt, "login") == 0 || strcmp(prompt, "select_account") == 0)) ||
		       (claims != NULL && claims[0] != '\0');

	json_decref(root);
	return demands;
}

bool json_needs_sign_in(const char *reply)
{
	json_t *root = json_loads(reply, 0, NULL);
	const json_t *error = json_object_get(json_object_get(root, "brokerTokenResponse"), "error");
	json_int_t status = json_integer_value(json_object_get(error, "status"));
	bool needs = json_is_object(error) && (status == NOT_SAID || status == INTERACTION_REQUIRED);

	json_decref(root);
	return needs;
}
