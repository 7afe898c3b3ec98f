#include "json.h"

#include <string.h>

#include <jansson.h>

/* status of an error object, where it says anything: 2 is "interaction required". himmelblaud says it in words. */
enum { INTERACTION_REQUIRED = 2 };
#define NOT_SIGNED_IN "Failed to authenticate user"
#define REFUSED_BY_DIRECTORY "AADSTS"

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
	const char *context = json_string_value(json_object_get(error, "context"));
	bool needs = json_integer_value(json_object_get(error, "status")) == INTERACTION_REQUIRED ||
		     (context != NULL && (strcmp(context, NOT_SIGNED_IN) == 0 || strstr(context, REFUSED_BY_DIRECTORY) != NULL));

	json_decref(root);
	return needs;
}
