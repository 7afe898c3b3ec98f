package himmelblau.testing.tenant.oauth;

import com.google.gson.JsonObject;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.Settings;
import himmelblau.testing.tenant.directory.Tenant;
import himmelblau.testing.tenant.login.Apps;
import himmelblau.testing.tenant.login.AuthorizeRequest;
import himmelblau.testing.tenant.login.DeviceCodes;
import himmelblau.testing.tenant.login.Flow;
import himmelblau.testing.tenant.login.Flows;
import himmelblau.testing.tenant.login.Pages;
import himmelblau.testing.tenant.token.Resources;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.web.Forms;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.Route;
import himmelblau.testing.tenant.web.WebPage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The device authorization grant: where a device asks, and the page where a user types the code.
 */
public final class DeviceCodeEndpoint {
  private final Apps apps;
  private final Directory directory;
  private final DeviceCodes codes;
  private final Flows flows;
  private final Pages pages;
  private final Settings settings;
  private final TenantClock clock;

  public DeviceCodeEndpoint(
      Apps apps,
      Directory directory,
      DeviceCodes codes,
      Flows flows,
      Pages pages,
      Settings settings,
      TenantClock clock) {
    this.apps = apps;
    this.directory = directory;
    this.codes = codes;
    this.flows = flows;
    this.pages = pages;
    this.settings = settings;
    this.clock = clock;
  }

  public List<Route> routes() {
    Route.Refusals json = OAuthErrors.json(clock);
    Route.Refusals page = (request, refusal) -> form(refusal.text());
    return List.of(
        Route.of("POST", "/{tenant}/oauth2/devicecode", (r, path) -> begin(r, path, false), json),
        Route.of(
            "POST", "/{tenant}/oauth2/v2.0/devicecode", (r, path) -> begin(r, path, true), json),
        Route.of("GET", "/{tenant}/oauth2/deviceauth", (r, path) -> form(""), page),
        Route.of("POST", "/{tenant}/oauth2/deviceauth", (r, path) -> typed(r), page),
        Route.of("POST", "/{tenant}/oauth2/deviceauth/cancel", (r, path) -> cancel(r), page));
  }

  /** The short address that users are told. */
  public List<Route> shortAddress() {
    Route.Endpoint there =
        (request, path) ->
            Reply.redirect("https://login.microsoftonline.com/common/oauth2/deviceauth");
    Route.Refusals page = (request, refusal) -> form(refusal.text());
    return List.of(Route.of("GET", "/devicelogin", there, page), Route.of("GET", "/", there, page));
  }

  private Reply begin(Request request, Map<String, String> path, boolean v2) {
    Map<String, String> form = request.form();
    String segment = path.getOrDefault("tenant", "common");
    Optional<Tenant> tenant = apps.tenant(segment);
    String clientId = form.getOrDefault("client_id", "").toLowerCase(java.util.Locale.ROOT);
    apps.redirects(clientId, tenant);
    if (segment.equalsIgnoreCase("consumers")) {
      throw Refusal.aadsts(9002313, "There are no personal accounts in the emulated service.");
    }
    Resources.Target target =
        v2
            ? Resources.ofScope(form.getOrDefault("scope", ""), directory)
            : Resources.ofResource(form.getOrDefault("resource", ""), directory);
    boolean ngcmfa =
        (!v2 && form.getOrDefault("amr_values", "").contains("ngcmfa"))
            || form.getOrDefault("claims", "").contains("ngcmfa");
    Map.Entry<String, DeviceCodes.DeviceCode> begun =
        codes.begin(segment, clientId, target, v2, ngcmfa);
    String userCode = begun.getValue().userCode();
    JsonObject body = new JsonObject();
    body.addProperty("user_code", userCode);
    body.addProperty("device_code", begun.getKey());
    body.addProperty(
        v2 ? "verification_uri" : "verification_url", "https://microsoft.com/devicelogin");
    int seconds = settings.number("device-code-seconds");
    int interval = settings.number("device-code-interval");
    if (v2) {
      body.addProperty("expires_in", seconds);
      body.addProperty("interval", interval);
    } else {
      body.addProperty("expires_in", String.valueOf(seconds));
      body.addProperty("interval", String.valueOf(interval));
    }
    body.addProperty(
        "message",
        "To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter"
            + " the code "
            + userCode
            + " to authenticate.");
    return Reply.json(body);
  }

  private static Reply form(String text) {
    return WebPage.reply(
        "Sign in to your account",
        "<h1>Enter code</h1><p class=\"error\">"
            + Forms.html(text)
            + "</p><p>Enter the code that your app or device shows.</p><form method=\"post\""
            + " action=\"/common/oauth2/deviceauth\"><label>Code<input id=\"otc\" name=\"otc\""
            + " autocomplete=\"off\" autofocus></label><input id=\"idSIButton9\" type=\"submit\""
            + " value=\"Next\"></form>");
  }

  private Reply typed(Request request) {
    DeviceCodes.DeviceCode code = codes.typed(request.form().getOrDefault("otc", ""));
    AuthorizeRequest ask =
        new AuthorizeRequest(
            code.tenant(),
            code.clientId(),
            "",
            code.target(),
            code.v2(),
            Optional.empty(),
            "query",
            code.ngcmfa(),
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            UUID.randomUUID().toString(),
            Optional.of(code.userCode()));
    return pages.signIn(request, flows.begin(ask), Optional.empty());
  }

  /** The user does not want the device to be signed in. */
  private Reply cancel(Request request) {
    Flow flow = flows.ofForm(request, request.form(), "ctx");
    codes.decline(flow.ask().userCode().orElseThrow(() -> Refusal.aadsts(165000)));
    flows.end(flow);
    return WebPage.reply(
        "Sign in to your account",
        "<h1 id=\"message\">You have cancelled the sign-in on your device. You may now close this"
            + " window.</h1>");
  }
}
