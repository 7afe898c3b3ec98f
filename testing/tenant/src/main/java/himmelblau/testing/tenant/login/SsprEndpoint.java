package himmelblau.testing.tenant.login;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.token.Proof;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.Route;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Changing an expired password: begin, poll, end. The new one counts from the end of the poll. */
public final class SsprEndpoint {
  private static final int SHORTEST = 8;

  private final Flows flows;
  private final Credentials credentials;
  private final SignIn signIn;
  private final Pages pages;
  private final Directory directory;
  private final TenantClock clock;

  public SsprEndpoint(
      Flows flows,
      Credentials credentials,
      SignIn signIn,
      Pages pages,
      Directory directory,
      TenantClock clock) {
    this.flows = flows;
    this.credentials = credentials;
    this.signIn = signIn;
    this.pages = pages;
    this.directory = directory;
    this.clock = clock;
  }

  public List<Route> routes() {
    Route.Refusals json =
        (request, refusal) -> Reply.json(answer("", "", false, Optional.of(refusal.text())));
    return List.of(
        Route.of("POST", "/{tenant}/SSPR/Begin", (request, path) -> begin(request), json),
        Route.of("POST", "/{tenant}/SSPR/Poll", (request, path) -> poll(request), json),
        Route.of(
            "POST",
            "/{tenant}/SSPR/Change",
            (request, path) -> submitted(request),
            (request, refusal) -> pages.error(refusal, "unknown")),
        Route.of(
            "POST",
            "/{tenant}/SSPR/End",
            (request, path) -> end(request),
            (request, refusal) -> pages.error(refusal, "unknown")));
  }

  /** The form of a browser, which does all in one step. */
  private Reply submitted(Request request) {
    Map<String, String> form = request.form();
    Flow flow = expired(flows.ofForm(request, form, "ctx"));
    String wanted = form.getOrDefault("newpasswd", "");
    Optional<String> error =
        wanted.equals(form.getOrDefault("confirmnewpasswd", ""))
            ? change(flow, form.getOrDefault("currentpasswd", ""), wanted)
            : Optional.of("PasswordsDoNotMatch");
    if (error.isPresent()) {
      return pages.changePassword(request, flow, error);
    }
    User before = flow.user().orElseThrow();
    User user = directory.user(before.tenant(), before.id()).orElseThrow();
    // A sign-in from before the change would be revoked by it.
    flow.proven(user, Proof.of(user.tenant(), user.id(), List.of("pwd"), clock.now()));
    return signIn.advance(request, flow);
  }

  private Reply begin(Request request) {
    JsonObject asked = request.json().orElseThrow(() -> Refusal.aadsts(9002313));
    Flow flow = flow(asked);
    flow.newPassword(Json.text(asked, "OldPassword") + "\n" + Json.text(asked, "NewPassword"));
    return Reply.json(answer(flow.newContext(), flow.newFlowToken(), true, Optional.empty()));
  }

  private Reply poll(Request request) {
    JsonObject asked = request.json().orElseThrow(() -> Refusal.aadsts(9002313));
    Flow flow = flow(asked);
    String[] passwords =
        flow.newPassword().orElseThrow(() -> Refusal.aadsts(165000)).split("\n", 2);
    Optional<String> error = change(flow, passwords[0], passwords[1]);
    return Reply.json(answer(flow.newContext(), flow.newFlowToken(), false, error));
  }

  private Optional<String> change(Flow flow, String before, String wanted) {
    User user = flow.user().orElseThrow(() -> Refusal.aadsts(165000));
    try {
      credentials.password(user.upn(), before);
    } catch (Refusal refusal) {
      return Optional.of("InvalidCurrentPassword");
    }
    String alias = user.upn().substring(0, user.upn().indexOf('@')).toLowerCase(Locale.ROOT);
    if (wanted.length() < SHORTEST || kinds(wanted) < 3) {
      return Optional.of("PasswordTooWeak");
    }
    if (wanted.toLowerCase(Locale.ROOT).contains(alias)) {
      return Optional.of("PasswordContainsName");
    }
    if (wanted.equals(before)) {
      return Optional.of("PasswordUsedBefore");
    }
    directory.put(user.withPassword(wanted, false, clock.now()));
    return Optional.empty();
  }

  private static int kinds(String password) {
    int kinds = 0;
    for (String kind : List.of(".*[a-z].*", ".*[A-Z].*", ".*\\d.*", ".*[^A-Za-z0-9].*")) {
      kinds += password.matches(kind) ? 1 : 0;
    }
    return kinds;
  }

  private Reply end(Request request) {
    Optional<JsonObject> json = request.json();
    Map<String, String> form = request.form();
    Flow flow = json.isPresent() ? flow(json.get()) : flows.ofForm(request, form, "ctx");
    String confirmed =
        json.map(body -> Json.text(body, "confirmnewpasswd"))
            .orElseGet(() -> form.getOrDefault("confirmnewpasswd", ""));
    User user =
        flow.user()
            .flatMap(before -> directory.user(before.tenant(), before.id()))
            .orElseThrow(() -> Refusal.aadsts(165000));
    if (user.passwordExpired() || !user.password().equals(confirmed)) {
      throw Refusal.aadsts(50055);
    }
    if (json.isPresent()) {
      return Reply.json(new JsonObject());
    }
    flow.proven(user, flow.proof().orElseThrow(() -> Refusal.aadsts(165000)));
    return signIn.advance(request, flow);
  }

  private Flow flow(JsonObject asked) {
    return expired(flows.find(Json.text(asked, "FlowToken"), Json.text(asked, "Ctx")));
  }

  private static Flow expired(Flow flow) {
    if (flow.user().filter(User::passwordExpired).isEmpty()) {
      throw Refusal.aadsts(165000);
    }
    return flow;
  }

  private static JsonObject answer(
      String context, String token, boolean pending, Optional<String> error) {
    JsonObject body = new JsonObject();
    body.addProperty("IsJobPending", pending);
    body.addProperty("Ctx", context);
    body.addProperty("FlowToken", token);
    body.addProperty("CoupledDataCenter", "DC1");
    body.addProperty("CoupledScaleUnit", "a");
    error.ifPresentOrElse(
        text -> body.addProperty("ErrorMessage", text),
        () -> body.add("ErrorMessage", JsonNull.INSTANCE));
    return body;
  }
}
