package himmelblau.testing.tenant.login;

import com.google.gson.JsonObject;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.token.Grants;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Passwordless phone sign-in: GetOneTimeCode, DeviceCodeStatus and the form after them. */
public final class RemoteNgc {
  private record Session(UUID tenant, UUID user, Optional<Phone.Prompt> prompt) {}

  private final Map<String, Session> sessions = new ConcurrentHashMap<>();
  private final Flows flows;
  private final Phone phone;
  private final Directory directory;

  public RemoteNgc(Flows flows, Phone phone, Directory directory) {
    this.flows = flows;
    this.phone = phone;
    this.directory = directory;
  }

  public List<Route> routes() {
    Route.Refusals refusals =
        (request, refusal) -> {
          JsonObject error = new JsonObject();
          error.addProperty("code", String.valueOf(refusal.code()));
          error.addProperty("message", refusal.text());
          JsonObject body = new JsonObject();
          body.add("error", error);
          return Reply.json(200, body);
        };
    return List.of(
        Route.of("POST", "/{tenant}/GetOneTimeCode", (request, path) -> start(request), refusals),
        Route.of(
            "POST", "/{tenant}/DeviceCodeStatus", (request, path) -> status(request), refusals),
        Route.of(
            "GET", "/{tenant}/DeviceCodeStatus", (request, path) -> status(request), refusals));
  }

  /** A session that GetCredentialType offers; nothing is sent to the phone yet. */
  String offer(User user) {
    String id = "rngc-" + Grants.opaque(24);
    sessions.put(id, new Session(user.tenant(), user.id(), Optional.empty()));
    return id;
  }

  private Reply start(Request request) {
    JsonObject asked = request.json().orElseThrow(() -> Refusal.aadsts(9002313));
    Flow flow = flows.find(Json.text(asked, "FlowToken"), Json.text(asked, "OriginalRequest"));
    flows.requireCanaryHeader(flow, request);
    Session offered = sessions.get(Json.text(asked, "OldDeviceCode"));
    if (offered == null) {
      throw Refusal.aadsts(165000);
    }
    User user =
        directory.user(offered.tenant(), offered.user()).orElseThrow(() -> Refusal.aadsts(500341));
    Phone.Prompt prompt =
        phone.prompt(user, "RemoteNGC", true).orElseThrow(() -> Refusal.aadsts(500121));
    String id = "rngc-" + Grants.opaque(24);
    sessions.put(id, new Session(user.tenant(), user.id(), Optional.of(prompt)));
    JsonObject params = new JsonObject();
    params.addProperty("SessionIdentifier", id);
    params.addProperty("Entropy", prompt.number().orElse(0));
    JsonObject body = new JsonObject();
    body.addProperty("State", 1);
    body.addProperty("DisplaySignForUI", String.valueOf(prompt.number().orElse(0)));
    body.addProperty("SessionLookupKey", id);
    body.add("RemoteNgcParams", params);
    body.addProperty("FlowToken", flow.newFlowToken());
    return Reply.json(body);
  }

  private Reply status(Request request) {
    String id =
        request
            .json()
            .map(body -> Json.text(body, "DeviceCode"))
            .filter(text -> !text.isEmpty())
            .orElseGet(() -> request.query().getOrDefault("code", ""));
    Session session = sessions.get(id);
    int state =
        session == null || session.prompt().isEmpty()
            ? 4
            : switch (phone.poll(session.prompt().get())) {
              case PENDING -> 0;
              case DENIED, WRONG_NUMBER -> 1;
              case APPROVED -> 2;
              case NO_ANSWER -> 3;
            };
    JsonObject body = new JsonObject();
    body.addProperty("AuthorizationState", state);
    return Reply.json(body);
  }

  /** The user of an approved session; the session is used up. */
  User finish(Flow flow, Map<String, String> form) {
    String id = form.getOrDefault("psRNGCSLK", "");
    Session session = sessions.remove(id);
    if (session == null
        || session.prompt().isEmpty()
        || !id.equals(form.getOrDefault("code", id))
        || !form.getOrDefault("psRNGCEntropy", "")
            .equals(String.valueOf(session.prompt().get().number().orElse(0)))
        || phone.poll(session.prompt().get()) != Phone.State.APPROVED) {
      throw Refusal.aadsts(500121);
    }
    User user =
        directory.user(session.tenant(), session.user()).orElseThrow(() -> Refusal.aadsts(500341));
    if (!form.getOrDefault("login", user.upn()).equalsIgnoreCase(user.upn())) {
      throw Refusal.aadsts(165000);
    }
    return user;
  }
}
