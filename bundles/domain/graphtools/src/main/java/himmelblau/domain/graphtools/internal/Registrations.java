package himmelblau.domain.graphtools.internal;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What an application registration of this system asks for (entra-hello-graph 2.7). */
record Registrations(String displayName, List<String> redirectUris, List<String> scopes) {
  static final String GROUP_READ_WRITE = "4e46008b-f24c-477d-8fff-7bb4ec7aafe0";
  static final String USER_READ_WRITE = "204e0828-b5ca-4ad8-b9f3-f32a958e7cc4";
  private static final String GRAPH = "00000003-0000-0000-c000-000000000000";

  JsonObject body() {
    JsonObject body = new JsonObject();
    body.addProperty("displayName", displayName);
    body.addProperty("signInAudience", "AzureADMyOrg");
    JsonArray resources = new JsonArray();
    if (!scopes.isEmpty()) {
      JsonArray access = new JsonArray();
      for (String scope : scopes) {
        JsonObject one = new JsonObject();
        one.addProperty("id", scope);
        one.addProperty("type", "Scope");
        access.add(one);
      }
      JsonObject graph = new JsonObject();
      graph.addProperty("resourceAppId", GRAPH);
      graph.add("resourceAccess", access);
      resources.add(graph);
    }
    body.add("requiredResourceAccess", resources);
    JsonArray uris = new JsonArray();
    redirectUris.forEach(uris::add);
    JsonObject client = new JsonObject();
    client.add("redirectUris", uris);
    body.add("publicClient", client);
    return body;
  }

  /** Whether one that is there already has at least what was asked for. */
  boolean fulfilledBy(JsonObject application) {
    Set<String> uris = new TreeSet<>();
    if (application.get("publicClient") instanceof JsonObject client
        && client.get("redirectUris") instanceof JsonArray there) {
      there.forEach(uri -> uris.add(uri.getAsString()));
    }
    Set<String> asked = new TreeSet<>();
    if (application.get("requiredResourceAccess") instanceof JsonArray resources) {
      for (JsonElement each : resources) {
        if (each instanceof JsonObject resource
            && PrettyJson.text(resource, "resourceAppId").equals(GRAPH)
            && resource.get("resourceAccess") instanceof JsonArray access) {
          access.forEach(one -> asked.add(PrettyJson.text(one.getAsJsonObject(), "id")));
        }
      }
    }
    return uris.containsAll(redirectUris) && asked.containsAll(scopes);
  }
}
