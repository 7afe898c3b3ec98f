package himmelblau.testing.tenant.login;

import himmelblau.testing.tenant.crypto.WebAuthn;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.Settings;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.token.Proof;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.Route;
import himmelblau.testing.tenant.web.WebPage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the forms of the sign-in pages go: {@code /login}, {@code /kmsi}, ProcessAuth, resume. */
public final class LoginEndpoint {
  private final Flows flows;
  private final Pages pages;
  private final SignIn signIn;
  private final Credentials credentials;
  private final RemoteNgc remoteNgc;
  private final Directory directory;
  private final Settings settings;
  private final TenantClock clock;

  public LoginEndpoint(
      Flows flows,
      Pages pages,
      SignIn signIn,
      Credentials credentials,
      RemoteNgc remoteNgc,
      Directory directory,
      Settings settings,
      TenantClock clock) {
    this.flows = flows;
    this.pages = pages;
    this.signIn = signIn;
    this.credentials = credentials;
    this.remoteNgc = remoteNgc;
    this.directory = directory;
    this.settings = settings;
    this.clock = clock;
  }

  public List<Route> routes() {
    Route.Refusals refusals =
        (request, refusal) ->
            pages.error(refusal, request.form().getOrDefault("client-request-id", "unknown"));
    return List.of(
        Route.of("POST", "/{tenant}/login", (request, path) -> login(request), refusals),
        Route.of(
            "POST", "/{tenant}/SAS/ProcessAuth", (request, path) -> process(request), refusals),
        Route.of("POST", "/kmsi", (request, path) -> kmsi(request), refusals),
        Route.of("POST", "/{tenant}/kmsi", (request, path) -> kmsi(request), refusals),
        Route.of("POST", "/{tenant}/resume", (request, path) -> resume(request), refusals),
        Route.of("GET", "/{tenant}/resume", (request, path) -> resume(request), refusals));
  }

  private Reply login(Request request) {
    Map<String, String> form = request.form();
    Flow flow = flows.ofForm(request, form, "ctx");
    try {
      if (form.containsKey("assertion")) {
        passkey(flow, form, flow.user());
      } else if (form.containsKey("accesspass")) {
        User user = named(form);
        credentials.usePass(user, form.getOrDefault("accesspass", ""));
        first(flow, user, Proof.of(user.tenant(), user.id(), List.of("otp"), now()).withMfa(now()));
      } else if (form.containsKey("psRNGCSLK")) {
        User user = remoteNgc.finish(flow, form);
        first(flow, user, Proof.of(user.tenant(), user.id(), List.of("swk"), now()).withMfa(now()));
      } else {
        String name = form.getOrDefault("login", "");
        if (name.isBlank()) {
          throw Refusal.aadsts(90014, "The required field 'login' is missing from the request.");
        }
        User user = credentials.password(name, form.getOrDefault("passwd", ""));
        first(flow, user, Proof.of(user.tenant(), user.id(), List.of("pwd"), now()));
      }
    } catch (Refusal refusal) {
      if (refusal.code() == 90014 || refusal.code() == 165000) {
        throw refusal;
      }
      return pages.signIn(request, flow, Optional.of(refusal));
    }
    return signIn.advance(request, flow);
  }

  private Reply process(Request request) {
    Map<String, String> form = request.form();
    Flow flow = flows.ofForm(request, form, "request");
    User user = flow.user().orElseThrow(() -> Refusal.aadsts(165000));
    Proof proof = flow.proof().orElseThrow(() -> Refusal.aadsts(165000));
    if (form.containsKey("assertion")) {
      passkey(flow, form, Optional.of(user));
      return signIn.advance(request, flow);
    }
    if (form.containsKey("accesspass")) {
      credentials.usePass(user, form.getOrDefault("accesspass", ""));
      flow.proven(user, proof.and("otp").withMfa(now()));
      return signIn.advance(request, flow);
    }
    if (form.containsKey("LoginOptions") || form.getOrDefault("type", "").equals("22")) {
      if (skipProofUp(flow)) {
        return signIn.advance(request, flow);
      }
    }
    if (!form.getOrDefault("login", user.upn()).equalsIgnoreCase(user.upn())) {
      throw Refusal.aadsts(165000);
    }
    FactorAttempt attempt = flow.attempt().orElseThrow(() -> Refusal.aadsts(500121));
    String method = form.getOrDefault("mfaAuthMethod", "");
    boolean sms = attempt.method().equals("ConsolidatedTelephony") && method.equals("OneWaySMS");
    if (!attempt.succeeded() || !(method.equals(attempt.method()) || sms)) {
      throw Refusal.aadsts(500121);
    }
    flow.proven(user, proof.withMfa(now()));
    return signIn.advance(request, flow);
  }

  private Reply kmsi(Request request) {
    Flow flow = flows.ofForm(request, request.form(), "ctx");
    flow.askedKmsi();
    return signIn.advance(request, flow);
  }

  private Reply resume(Request request) {
    boolean get = request.method().equals("GET");
    Map<String, String> values = get ? request.query() : request.form();
    if (get && !values.containsKey("flowtoken")) {
      return WebPage.reply(
          "Sign in to your account", "<p>Close this window and sign in again.</p>");
    }
    Flow flow = flows.find(values.getOrDefault("flowtoken", ""), values.getOrDefault("ctx", ""));
    if (!skipProofUp(flow)) {
      throw Refusal.aadsts(50072);
    }
    return signIn.advance(request, flow);
  }

  private boolean skipProofUp(Flow flow) {
    boolean may =
        flow.user().filter(user -> signIn.secondFactors(user).isEmpty()).isPresent()
            && settings.number("proof-up-days") >= 0;
    if (may) {
      flow.skipProofUp();
    }
    return may;
  }

  private void passkey(Flow flow, Map<String, String> form, Optional<User> known) {
    String challenge = flow.fidoChallenge().orElseThrow(() -> Refusal.aadsts(165000));
    flow.fidoChallenge(Optional.empty());
    try {
      WebAuthn.Assertion assertion = WebAuthn.Assertion.parse(form.getOrDefault("assertion", ""));
      User user = known.or(() -> owner(flow, assertion)).orElseThrow(() -> Refusal.aadsts(500341));
      WebAuthn.Passkey key =
          credentials.passkey(user, assertion.id()).orElseThrow(() -> Refusal.aadsts(135010));
      boolean verified = WebAuthn.verify(assertion, key, challenge);
      if (!verified && flow.proof().isEmpty()) {
        throw new IllegalArgumentException(
            "the user was not verified, and presence alone is no first factor");
      }
      Proof before =
          flow.proof().orElseGet(() -> Proof.of(user.tenant(), user.id(), List.of(), now()));
      first(flow, user, before.and("fido").and("rsa").withMfa(now()));
    } catch (IllegalArgumentException e) {
      throw Refusal.aadsts(500121, "The assertion was refused: " + e.getMessage() + ".");
    }
  }

  /** Whose credential it is, among those whom the challenge was made for. */
  private Optional<User> owner(Flow flow, WebAuthn.Assertion assertion) {
    return flow.allowList().stream()
        .map(directory::user)
        .flatMap(Optional::stream)
        .filter(user -> credentials.passkey(user, assertion.id()).isPresent())
        .findFirst();
  }

  private User named(Map<String, String> form) {
    return directory.user(form.getOrDefault("login", "")).orElseThrow(() -> Refusal.aadsts(50034));
  }

  private static void first(Flow flow, User user, Proof proof) {
    if (!user.enabled()) {
      throw Refusal.aadsts(50057);
    }
    flow.proven(user, proof);
  }

  private Instant now() {
    return clock.now();
  }
}
