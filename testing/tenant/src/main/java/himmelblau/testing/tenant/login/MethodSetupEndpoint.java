package himmelblau.testing.tenant.login;

import himmelblau.testing.tenant.crypto.Totp;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.token.Proof;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.web.Forms;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.Route;
import himmelblau.testing.tenant.web.WebPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The pages on which a user without a second factor sets one up: the Authenticator, which has to
 * answer a request with the number on the page, or another app, whose code has to be typed. The
 * method belongs to the account once that has succeeded, and counts as proven in this sign-in.
 */
public final class MethodSetupEndpoint {
  private static final String PUSH = "PhoneAppNotification";
  private static final String CODE = "PhoneAppOTP";

  private final Flows flows;
  private final Phone phone;
  private final Credentials credentials;
  private final Directory directory;
  private final Pages pages;
  private final SignIn signIn;
  private final TenantClock clock;

  public MethodSetupEndpoint(
      Flows flows,
      Phone phone,
      Credentials credentials,
      Directory directory,
      Pages pages,
      SignIn signIn,
      TenantClock clock) {
    this.flows = flows;
    this.phone = phone;
    this.credentials = credentials;
    this.directory = directory;
    this.pages = pages;
    this.signIn = signIn;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(
        route("begin", this::choose),
        route("app", this::app),
        route("scanned", this::scanned),
        route("verify", this::verify),
        route("done", this::done));
  }

  private interface Page {
    Reply show(Request request, Flow flow);
  }

  private Route route(String step, Page page) {
    return Route.of(
        "POST",
        "/{tenant}/proofup/" + step,
        (request, path) -> page.show(request, flows.ofForm(request, request.form(), "ctx")),
        (request, refusal) -> pages.error(refusal, "unknown"));
  }

  /** Somebody with a valid password and no second factor; or with one, who adds another. */
  private User newcomer(Flow flow) {
    User user =
        flow.user()
            .flatMap(before -> directory.user(before.tenant(), before.id()))
            .orElseThrow(() -> Refusal.aadsts(165000));
    if (flow.proof().isEmpty()
        || user.passwordExpired()
        || !user.enabled()
        || !(signIn.secondFactors(user).isEmpty() || addsAnother(flow))) {
      throw Refusal.aadsts(165000);
    }
    return user;
  }

  private static boolean addsAnother(Flow flow) {
    return SecurityInfoEndpoint.isFor(flow) && flow.proof().filter(Proof::mfa).isPresent();
  }

  private Reply choose(Request request, Flow flow) {
    newcomer(flow);
    return page(
        "Keep your account secure",
        "Set up Microsoft Authenticator, or another authenticator app.",
        choice(request, flow, PUSH, "Microsoft Authenticator")
            + choice(request, flow, CODE, "I want to use a different authenticator app"));
  }

  private static String choice(Request request, Flow flow, String method, String button) {
    String field = "<input type=\"hidden\" name=\"method\" value=\"" + method + "\">";
    return Pages.form(request, flow, "/common/proofup/app", field, button);
  }

  private Reply app(Request request, Flow flow) {
    User user = newcomer(flow);
    String method = request.form().getOrDefault("method", "");
    if (!method.equals(PUSH) && !method.equals(CODE)) {
      throw Refusal.aadsts(165000);
    }
    flow.setup(new FactorAttempt(method, Optional.empty(), Optional.empty()));
    if (method.equals(PUSH)) {
      String link = "phonefactor://activate_account?code=" + flow.id();
      return page(
          "Scan the QR code",
          "Add a work account in the app, and scan this code:",
          QrPicture.svg(link)
              + "<p><code id=\"link\">"
              + Forms.html(link)
              + "</code></p>"
              + Pages.form(request, flow, "/common/proofup/scanned", "", "Next"));
    }
    return enterCode(request, flow, user, "");
  }

  private static Reply enterCode(Request request, Flow flow, User user, String error) {
    String secret = Totp.base32(Credentials.totpSecret(user));
    String name = Forms.encode(user.upn());
    String link = "otpauth://totp/Microsoft:" + name + "?secret=" + secret + "&issuer=Microsoft";
    return page(
        "Set up your authenticator app",
        error.isEmpty() ? "Add an account in the app: scan this code, or enter the key." : error,
        QrPicture.svg(link)
            + "<p>Secret key: <code id=\"secret\">"
            + secret
            + "</code></p>"
            + Pages.form(
                request,
                flow,
                "/common/proofup/verify",
                "<label>Code that the app shows<input name=\"otc\" inputmode=\"numeric\""
                    + " autocomplete=\"off\" autofocus></label>",
                "Next"));
  }

  private Reply scanned(Request request, Flow flow) {
    User user = newcomer(flow);
    if (flow.setup().filter(setup -> setup.method().equals(PUSH)).isEmpty()) {
      throw Refusal.aadsts(165000);
    }
    Optional<Phone.Prompt> prompt = phone.prompt(user, PUSH, true);
    if (prompt.isEmpty()) {
      throw Refusal.aadsts(500121, "Another request is waiting for an answer.");
    }
    flow.setup(new FactorAttempt(PUSH, prompt, Optional.empty()));
    return tryIt(request, flow, prompt.get(), "");
  }

  private static Reply tryIt(Request request, Flow flow, Phone.Prompt prompt, String error) {
    return page(
        "Let's try it out",
        error.isEmpty() ? "Approve the request in the app with this number:" : error,
        "<p id=\"number\">"
            + prompt.number().orElseThrow()
            + "</p>"
            + Pages.form(request, flow, "/common/proofup/verify", "", "Next"));
  }

  private Reply verify(Request request, Flow flow) {
    User user = newcomer(flow);
    FactorAttempt setup = flow.setup().orElseThrow(() -> Refusal.aadsts(165000));
    if (setup.method().equals(PUSH)) {
      Phone.Prompt prompt = setup.prompt().orElseThrow(() -> Refusal.aadsts(165000));
      switch (phone.poll(prompt)) {
        case APPROVED -> {
          return registered(request, flow, user, PUSH);
        }
        case PENDING -> {
          return tryIt(request, flow, prompt, "The request was not approved yet.");
        }
        default -> throw Refusal.aadsts(500121, "The request was not approved.");
      }
    }
    if (setup.exhausted()) {
      throw Refusal.aadsts(500121, "Too many wrong codes were entered.");
    }
    String typed = request.form().getOrDefault("otc", "").strip();
    if (!credentials.checkOtp(user, typed).equals("Success")) {
      setup.countWrong();
      return enterCode(request, flow, user, "Wrong code. Try again.");
    }
    return registered(request, flow, user, CODE);
  }

  private Reply registered(Request request, Flow flow, User user, String method) {
    List<String> methods = new ArrayList<>(user.methods());
    if (!methods.contains(method)) {
      methods.add(method);
    }
    User fresh = user.withMethods(methods);
    directory.put(fresh);
    Proof proof = flow.proof().orElseThrow(() -> Refusal.aadsts(165000));
    flow.proven(fresh, proof.withMfa(clock.now()));
    return page(
        "Success!",
        "Great job! You have successfully set up your security info.",
        Pages.form(request, flow, "/common/proofup/done", "", "Done"));
  }

  private Reply done(Request request, Flow flow) {
    return signIn.advance(request, flow);
  }

  private static Reply page(String title, String text, String body) {
    return WebPage.reply(
        "Keep your account secure",
        "<h1>" + Forms.html(title) + "</h1><p id=\"text\">" + Forms.html(text) + "</p>" + body);
  }
}
