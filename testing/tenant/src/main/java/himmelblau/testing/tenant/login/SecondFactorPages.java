package himmelblau.testing.tenant.login;

import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.web.Forms;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.Route;
import himmelblau.testing.tenant.web.WebPage;
import java.util.List;
import java.util.Optional;

/**
 * The second factor for a browser without scripts: one page to choose a method, one to confirm.
 * Programs use {@link SasEndpoint} instead; both check in the same way.
 */
public final class SecondFactorPages {
  private final Flows flows;
  private final SasEndpoint factors;
  private final SignIn signIn;
  private final Pages pages;

  public SecondFactorPages(Flows flows, SasEndpoint factors, SignIn signIn, Pages pages) {
    this.flows = flows;
    this.factors = factors;
    this.signIn = signIn;
    this.pages = pages;
  }

  public List<Route> routes() {
    Route.Refusals refusals = (request, refusal) -> pages.error(refusal, "unknown");
    return List.of(
        Route.of("POST", "/{tenant}/mfa/begin", (request, path) -> begin(request), refusals),
        Route.of("POST", "/{tenant}/mfa/confirm", (request, path) -> confirm(request), refusals));
  }

  /** A form for each method that a page without scripts can offer. */
  static String choices(Request request, Flow flow, List<String> methods) {
    StringBuilder forms = new StringBuilder();
    for (String method : methods) {
      label(method)
          .ifPresent(
              label ->
                  forms.append(
                      Pages.form(
                          request, flow, "/common/mfa/begin", field("method", method), label)));
    }
    return forms.toString();
  }

  /** In the words of the page; empty for a passkey, which needs a script, and for a pass. */
  static Optional<String> label(String method) {
    return switch (method) {
      case "PhoneAppNotification", "CompanionAppsNotification" ->
          Optional.of("Approve a request in my Authenticator app");
      case "PhoneAppOTP" -> Optional.of("Use a code of my authenticator app");
      case "OneWaySMS", "ConsolidatedTelephony" -> Optional.of("Text a code to my phone");
      case "TwoWayVoiceMobile", "TwoWayVoiceAlternateMobile", "TwoWayVoiceOffice" ->
          Optional.of("Call my phone");
      default -> Optional.empty();
    };
  }

  private static String field(String name, String value) {
    return "<input type=\"hidden\" name=\"" + name + "\" value=\"" + Forms.html(value) + "\">";
  }

  private Reply begin(Request request) {
    Flow flow = flows.ofForm(request, request.form(), "ctx");
    User user = user(flow);
    String method = request.form().getOrDefault("method", "");
    SasEndpoint.Result begun = factors.begin(flow, user, method);
    return begun.success() ? ask(request, flow, "") : choose(request, flow, user, begun.message());
  }

  private Reply choose(Request request, Flow flow, User user, String error) {
    return WebPage.reply(
        "Sign in to your account",
        "<h1>Verify your identity</h1>"
            + error(error)
            + choices(request, flow, signIn.secondFactors(user)));
  }

  private Reply ask(Request request, Flow flow, String error) {
    FactorAttempt attempt = flow.attempt().orElseThrow(() -> Refusal.aadsts(500121));
    String number =
        attempt
            .prompt()
            .flatMap(Phone.Prompt::number)
            .map(value -> "<p>Enter this number in the app:</p><p id=\"number\">" + value + "</p>")
            .orElse("");
    boolean typed = attempt.prompt().isEmpty();
    String input =
        typed
            ? "<label>Code<input name=\"otc\" inputmode=\"numeric\" autocomplete=\"one-time-code\""
                + " autofocus></label>"
            : "";
    String text = typed ? "Enter the code." : "Approve the request on your phone, then press Next.";
    return WebPage.reply(
        "Sign in to your account",
        "<h1>Verify your identity</h1>"
            + error(error)
            + "<p id=\"text\">"
            + text
            + "</p>"
            + number
            + Pages.form(request, flow, "/common/mfa/confirm", input, "Next"));
  }

  private Reply confirm(Request request) {
    Flow flow = flows.ofForm(request, request.form(), "ctx");
    User user = user(flow);
    FactorAttempt attempt = flow.attempt().orElseThrow(() -> Refusal.aadsts(500121));
    SasEndpoint.Result result =
        attempt.prompt().isPresent()
            ? factors.polled(attempt)
            : factors.typed(user, attempt, request.form().getOrDefault("otc", "").strip());
    if (result.success()) {
      signIn.secondFactorProven(flow);
      return signIn.advance(request, flow);
    }
    String why =
        result.message().isEmpty() ? "The request was not approved yet." : result.message();
    return result.retry() ? ask(request, flow, why) : choose(request, flow, user, why);
  }

  private static String error(String text) {
    return text.isEmpty() ? "" : "<p class=\"error\" id=\"error\">" + Forms.html(text) + "</p>";
  }

  /** Who has shown a first factor. */
  private static User user(Flow flow) {
    if (flow.proof().isEmpty()) {
      throw Refusal.aadsts(165000);
    }
    return flow.user().orElseThrow(() -> Refusal.aadsts(165000));
  }
}
