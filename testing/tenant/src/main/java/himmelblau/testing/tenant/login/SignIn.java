package himmelblau.testing.tenant.login;

import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.Settings;
import himmelblau.testing.tenant.directory.Tenant;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.token.Grants;
import himmelblau.testing.tenant.token.Proof;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.token.TokenPolicy;
import himmelblau.testing.tenant.web.Forms;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.WebPage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Decides what comes after each step of a sign-in, up to the code. */
public final class SignIn {
  private final Directory directory;
  private final Settings settings;
  private final Credentials credentials;
  private final TokenPolicy policy;
  private final Pages pages;
  private final Flows flows;
  private final Grants grants;
  private final DeviceCodes deviceCodes;
  private final BrowserSessions sessions;
  private final TenantClock clock;

  public SignIn(
      Directory directory,
      Settings settings,
      Credentials credentials,
      TokenPolicy policy,
      Pages pages,
      Flows flows,
      Grants grants,
      DeviceCodes deviceCodes,
      BrowserSessions sessions,
      TenantClock clock) {
    this.directory = directory;
    this.settings = settings;
    this.credentials = credentials;
    this.policy = policy;
    this.pages = pages;
    this.flows = flows;
    this.grants = grants;
    this.deviceCodes = deviceCodes;
    this.sessions = sessions;
    this.clock = clock;
  }

  /** The next page, or the end. Called when something was proven or a question was answered. */
  public Reply advance(Request request, Flow flow) {
    User user = flow.user().orElseThrow(() -> Refusal.aadsts(165000));
    Proof proof = flow.proof().orElseThrow(() -> Refusal.aadsts(165000));
    AuthorizeRequest ask = flow.ask();
    if (user.passwordExpired() && proof.amr().contains("pwd")) {
      return pages.changePassword(request, flow, Optional.empty());
    }
    requireTenant(ask.tenant(), user);
    policy.requireDevice(proof, ask.target().id());
    boolean forced = ask.ngcmfa() || ask.mfa();
    boolean satisfied = ask.ngcmfa() ? policy.fresh(proof) : proof.mfa();
    Optional<Integer> missing = policy.missing(user, proof, ask.target().id());
    if ((forced && !satisfied) || missing.isPresent()) {
      List<String> methods = secondFactors(user);
      if (!methods.isEmpty()) {
        return pages.secondFactor(request, flow, user, methods);
      }
      if (!flow.proofUpSkipped()) {
        return pages.register(request, flow);
      }
    }
    if (settings.on("kmsi") && !flow.kmsiAsked()) {
      return pages.staySignedIn(request, flow);
    }
    return finish(
        request, flow, user, ask.ngcmfa() && policy.fresh(proof) ? proof.and("ngcmfa") : proof);
  }

  /**
   * What the page offers: the registered methods, and a Temporary Access Pass while there is one.
   */
  public List<String> secondFactors(User user) {
    List<String> methods = new ArrayList<>(user.secondFactors());
    methods.removeIf(method -> method.equals("AccessPass"));
    if (credentials.hasPass(user)) {
      methods.add(0, "AccessPass");
    }
    if (credentials.passkeys(user).isEmpty()) {
      methods.remove("FidoKey");
    }
    return methods;
  }

  /** A user of another directory has nothing to do at a tenant's own endpoint. */
  private void requireTenant(String asked, User user) {
    if (asked.equalsIgnoreCase("common") || asked.equalsIgnoreCase("organizations")) {
      return;
    }
    Optional<UUID> tenant = directory.tenant(asked).map(Tenant::id);
    if (!tenant.equals(Optional.of(user.tenant()))) {
      throw Refusal.aadsts(
          50020,
          "User account '"
              + user.upn()
              + "' from identity provider 'https://sts.windows.net/"
              + user.tenant()
              + "/' does not exist in tenant '"
              + asked
              + "' and cannot access the application in that tenant. The account needs to be added"
              + " as an external user in the tenant first.");
    }
  }

  /** The second factor of this flow was checked. */
  void secondFactorProven(Flow flow) {
    User user = flow.user().orElseThrow(() -> Refusal.aadsts(165000));
    flow.proven(user, flow.proof().orElseThrow(() -> Refusal.aadsts(165000)).withMfa(clock.now()));
  }

  private Reply finish(Request request, Flow flow, User user, Proof proof) {
    if (SecurityInfoEndpoint.isFor(flow)) {
      return SecurityInfoEndpoint.page(request, flow, user);
    }
    flows.end(flow);
    AuthorizeRequest ask = flow.ask();
    if (ask.userCode().isPresent()) {
      deviceCodes.approve(ask.userCode().get(), proof);
      return WebPage.reply(
          "Sign in to your account",
          "<h1 id=\"message\">You have signed in to the application on your device. You may now"
              + " close this window.</h1>");
    }
    return sessions.signedIn(request, proof, code(ask, proof, flow.sessionKey()));
  }

  /** Issues a code and sends it the way the application asked for. */
  public Reply code(AuthorizeRequest ask, Proof proof, Optional<byte[]> sessionKey) {
    String code =
        grants.put(
            new Grants.Code(
                ask.clientId(),
                ask.redirectUri(),
                ask.target(),
                ask.v2(),
                proof,
                ask.challenge(),
                ask.nonce(),
                sessionKey,
                clock.now().plusSeconds(settings.number("code-seconds"))));
    Map<String, String> answer = new LinkedHashMap<>();
    answer.put("code", code);
    ask.state().ifPresent(state -> answer.put("state", state));
    answer.put("session_state", UUID.randomUUID().toString());
    return deliver(ask.redirectUri(), ask.responseMode(), answer);
  }

  static Reply deliver(String redirectUri, String mode, Map<String, String> answer) {
    if (mode.equals("form_post")) {
      StringBuilder form = new StringBuilder();
      answer.forEach(
          (name, value) ->
              form.append("<input type=\"hidden\" name=\"")
                  .append(Forms.html(name))
                  .append("\" value=\"")
                  .append(Forms.html(value))
                  .append("\" />"));
      return Reply.html(
          200,
          "<html><head><title>Working</title></head><body><form method=\"POST\""
              + " name=\"hiddenform\" action=\""
              + Forms.html(redirectUri)
              + "\">"
              + form
              + "</form><script language=\"javascript\">document.forms[0].submit();</script>"
              + "</body></html>");
    }
    char separator = mode.equals("fragment") ? '#' : redirectUri.contains("?") ? '&' : '?';
    return Reply.redirect(lowerHost(redirectUri) + separator + Forms.query(answer));
  }

  /** The service writes the host part of a redirect in lower case. */
  private static String lowerHost(String uri) {
    int host = uri.indexOf("://");
    int end = host < 0 ? -1 : uri.indexOf('/', host + 3);
    int to = end < 0 ? uri.length() : end;
    return host < 0
        ? uri
        : uri.substring(0, to).toLowerCase(java.util.Locale.ROOT) + uri.substring(to);
  }
}
