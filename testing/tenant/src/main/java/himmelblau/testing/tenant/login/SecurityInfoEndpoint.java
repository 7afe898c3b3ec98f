package himmelblau.testing.tenant.login;

import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.token.Resources;
import himmelblau.testing.tenant.web.Forms;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.Route;
import himmelblau.testing.tenant.web.WebPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The page on which users see, add and delete their sign-in methods, after a sign-in. */
public final class SecurityInfoEndpoint {
  /** The application of that page. */
  static final String CLIENT = "19db86c3-b2b9-44cc-b339-36da233a3be2";

  private static final String PAGE = "https://mysignins.microsoft.com/security-info";

  private final Flows flows;
  private final Directory directory;
  private final Pages pages;

  public SecurityInfoEndpoint(Flows flows, Directory directory, Pages pages) {
    this.flows = flows;
    this.directory = directory;
    this.pages = pages;
  }

  /** At the hosts of the sign-in. */
  public List<Route> routes() {
    Route.Refusals refusals = (request, refusal) -> pages.error(refusal, "unknown");
    return List.of(
        Route.of("GET", "/{tenant}/securityinfo", (request, path) -> begin(request), refusals),
        Route.of("POST", "/{tenant}/securityinfo", (request, path) -> show(request), refusals),
        Route.of(
            "POST", "/{tenant}/securityinfo/delete", (request, path) -> delete(request), refusals));
  }

  /** At {@code mysignins.microsoft.com}. */
  public List<Route> page() {
    Route.Endpoint there =
        (request, path) -> Reply.redirect("https://login.microsoftonline.com/common/securityinfo");
    Route.Refusals refusals = (request, refusal) -> pages.error(refusal, "unknown");
    return List.of(
        Route.of("GET", "/security-info", there, refusals),
        Route.of("GET", "/register", there, refusals),
        Route.of("GET", "/", there, refusals));
  }

  /** The short address that messages name. */
  public List<Route> shortAddress() {
    return List.of(
        Route.of(
            "GET",
            "/mfasetup",
            (request, path) -> Reply.redirect(PAGE),
            (request, refusal) -> pages.error(refusal, "unknown")));
  }

  private Reply begin(Request request) {
    AuthorizeRequest ask =
        new AuthorizeRequest(
            "common",
            CLIENT,
            PAGE,
            Resources.ofScope("openid", directory),
            true,
            Optional.empty(),
            "query",
            false,
            true,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            UUID.randomUUID().toString(),
            Optional.empty());
    return pages.signIn(request, flows.begin(ask), Optional.empty());
  }

  private Reply show(Request request) {
    Flow flow = flows.ofForm(request, request.form(), "ctx");
    return page(request, flow, user(flow));
  }

  private Reply delete(Request request) {
    Flow flow = flows.ofForm(request, request.form(), "ctx");
    User user = user(flow);
    List<String> methods = new ArrayList<>(user.methods());
    if (!methods.remove(request.form().getOrDefault("method", ""))) {
      throw Refusal.aadsts(165000);
    }
    User changed = user.withMethods(methods);
    directory.put(changed);
    return page(request, flow, changed);
  }

  /** Who has come to this page with a second factor; changes of others since then count. */
  private User user(Flow flow) {
    if (!isFor(flow) || flow.proof().filter(proof -> proof.mfa()).isEmpty()) {
      throw Refusal.aadsts(165000);
    }
    return flow.user()
        .flatMap(before -> directory.user(before.tenant(), before.id()))
        .filter(User::enabled)
        .orElseThrow(() -> Refusal.aadsts(165000));
  }

  static boolean isFor(Flow flow) {
    return flow.ask().clientId().equals(CLIENT);
  }

  static Reply page(Request request, Flow flow, User user) {
    StringBuilder methods = new StringBuilder();
    for (String method : user.methods()) {
      methods
          .append("<li>")
          .append(Forms.html(name(method)))
          .append(
              Pages.form(
                  request,
                  flow,
                  "/common/securityinfo/delete",
                  "<input type=\"hidden\" name=\"method\" value=\"" + Forms.html(method) + "\">",
                  "Delete " + name(method)))
          .append("</li>");
    }
    return WebPage.reply(
        "My sign-ins",
        "<h1>Security info</h1><p id=\"account\">"
            + Forms.html(user.upn())
            + "</p><p>These are the methods you use to sign in to your account.</p><ul"
            + " id=\"methods\">"
            + methods
            + "</ul>"
            + Pages.form(request, flow, "/common/proofup/begin", "", "Add sign-in method"));
  }

  private static String name(String method) {
    return switch (method) {
      case "PhoneAppNotification", "CompanionAppsNotification" -> "Microsoft Authenticator";
      case "PhoneAppOTP" -> "Authenticator app";
      case "OneWaySMS", "ConsolidatedTelephony" -> "Phone: text message";
      case "TwoWayVoiceMobile", "TwoWayVoiceAlternateMobile", "TwoWayVoiceOffice" -> "Phone: call";
      case "FidoKey" -> "Passkey";
      case "AccessPass" -> "Temporary Access Pass";
      case "RemoteNGC" -> "Phone sign-in";
      default -> method;
    };
  }
}
