package himmelblau.testing.tenant.login;

import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.token.Clients;
import himmelblau.testing.tenant.token.Grants;
import himmelblau.testing.tenant.token.Proof;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.token.TokenPolicy;
import himmelblau.testing.tenant.web.Forms;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.Route;
import himmelblau.testing.tenant.web.WebPage;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A small application of the service at {@code https://myapps.microsoft.com/} that shows who is
 * signed in. It checks at each page that user and device are still allowed, as applications with
 * continuous access evaluation do. {@code /?prompt=…} asks the sign-in pages for that prompt.
 */
public final class ProtectedApp {
  static final String SIGNED_OUT = "https://myapps.microsoft.com/signed-out";
  private static final String COOKIE = "session";
  private static final String STATE = "state";
  private static final String ATTRIBUTES = "; path=/; secure; HttpOnly";

  private record Session(Proof proof, Instant begun) {}

  private final Map<String, Session> sessions = new ConcurrentHashMap<>();
  private final Grants grants;
  private final TokenPolicy policy;
  private final Pages pages;
  private final TenantClock clock;

  public ProtectedApp(Grants grants, TokenPolicy policy, Pages pages, TenantClock clock) {
    this.grants = grants;
    this.policy = policy;
    this.pages = pages;
    this.clock = clock;
  }

  public List<Route> routes() {
    Route.Refusals refusals = (request, refusal) -> pages.error(refusal, "unknown");
    return List.of(
        Route.of("GET", "/", (request, path) -> show(request), refusals),
        Route.of("GET", "/signin", (request, path) -> signIn(request), refusals),
        Route.of("GET", "/signout", (request, path) -> signOut(request), refusals),
        Route.of("GET", "/signed-out", (request, path) -> signedOut(), refusals));
  }

  private Reply show(Request request) {
    String prompt = request.query().getOrDefault("prompt", "");
    Optional<Session> session =
        Optional.ofNullable(sessions.get(request.cookies().getOrDefault(COOKIE, "")));
    Optional<User> user = prompt.isEmpty() ? session.flatMap(this::user) : Optional.empty();
    if (user.isEmpty()) {
      return begin(prompt);
    }
    return WebPage.reply(
        "My Apps",
        "<h1>Signed in</h1><p id=\"who\">"
            + Forms.html(user.get().upn())
            + "</p><p id=\"device\">"
            + session.flatMap(held -> held.proof().device()).map(Object::toString).orElse("none")
            + "</p><p><a id=\"signout\" href=\"/signout\">Sign out</a></p>");
  }

  private Optional<User> user(Session session) {
    try {
      return Optional.of(policy.user(session.proof(), session.begun()));
    } catch (Refusal refusal) {
      return Optional.empty();
    }
  }

  private static Reply begin(String prompt) {
    String state = Grants.opaque(16);
    Map<String, String> query = new LinkedHashMap<>();
    query.put("client_id", Clients.MY_APPS);
    query.put("response_type", "code");
    query.put("redirect_uri", Clients.MY_APPS_REDIRECT);
    query.put("scope", "openid profile");
    query.put("state", state);
    if (!prompt.isEmpty()) {
      query.put("prompt", prompt);
    }
    return Reply.redirect(
            "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?" + Forms.query(query))
        .with("Set-Cookie", STATE + "=" + state + ATTRIBUTES);
  }

  private Reply signIn(Request request) {
    Map<String, String> answer = request.query();
    String state = answer.getOrDefault("state", "");
    if (state.isEmpty() || !state.equals(request.cookies().get(STATE))) {
      return failed("The answer is not for this browser");
    }
    if (answer.containsKey("error")) {
      return failed(answer.getOrDefault("error_description", ""));
    }
    String value = answer.getOrDefault("code", "");
    Optional<Grants.Code> code =
        grants
            .code(value)
            .filter(found -> found.clientId().equals(Clients.MY_APPS))
            .filter(found -> clock.now().isBefore(found.expires()));
    if (code.isEmpty() || !grants.redeem(value)) {
      return failed("The code is not valid");
    }
    String session = Grants.opaque(32);
    sessions.put(session, new Session(code.get().proof(), clock.now()));
    return Reply.redirect("https://myapps.microsoft.com/")
        .with("Set-Cookie", COOKIE + "=" + session + ATTRIBUTES);
  }

  private static Reply failed(String why) {
    return WebPage.reply(
        "My Apps", "<h1>Not signed in</h1><p id=\"error\">" + Forms.html(why) + "</p>");
  }

  private Reply signOut(Request request) {
    sessions.remove(request.cookies().getOrDefault(COOKIE, ""));
    return Reply.redirect(
            "https://login.microsoftonline.com/common/oauth2/v2.0/logout?"
                + Forms.query(Map.of("post_logout_redirect_uri", SIGNED_OUT)))
        .with("Set-Cookie", COOKIE + "=; Max-Age=0" + ATTRIBUTES);
  }

  private static Reply signedOut() {
    return WebPage.reply("My Apps", "<h1 id=\"message\">You signed out of My Apps</h1>");
  }
}
