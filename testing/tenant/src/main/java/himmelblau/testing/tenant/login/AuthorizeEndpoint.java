package himmelblau.testing.tenant.login;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import himmelblau.testing.tenant.crypto.Jws;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.Tenant;
import himmelblau.testing.tenant.token.Clients;
import himmelblau.testing.tenant.token.Grants;
import himmelblau.testing.tenant.token.Nonces;
import himmelblau.testing.tenant.token.Proof;
import himmelblau.testing.tenant.token.PrtVerifier;
import himmelblau.testing.tenant.token.Resources;
import himmelblau.testing.tenant.token.TokenPolicy;
import himmelblau.testing.tenant.web.Forms;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.Route;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** {@code /oauth2/authorize} and {@code /oauth2/v2.0/authorize}: pages, or codes for a PRT. */
public final class AuthorizeEndpoint {
  private final Apps apps;
  private final Directory directory;
  private final Flows flows;
  private final Pages pages;
  private final SignIn signIn;
  private final PrtVerifier verifier;
  private final TokenPolicy policy;
  private final Nonces nonces;
  private final BrowserSessions sessions;

  public AuthorizeEndpoint(
      Apps apps,
      Directory directory,
      Flows flows,
      Pages pages,
      SignIn signIn,
      PrtVerifier verifier,
      TokenPolicy policy,
      Nonces nonces,
      BrowserSessions sessions) {
    this.apps = apps;
    this.directory = directory;
    this.flows = flows;
    this.pages = pages;
    this.signIn = signIn;
    this.verifier = verifier;
    this.policy = policy;
    this.nonces = nonces;
    this.sessions = sessions;
  }

  public List<Route> routes() {
    Route.Refusals refusals =
        (request, refusal) ->
            pages.error(refusal, request.query().getOrDefault("client-request-id", "unknown"));
    Route.Endpoint v1 = (request, path) -> answer(request, path, false);
    Route.Endpoint v2 = (request, path) -> answer(request, path, true);
    return List.of(
        Route.of("GET", "/{tenant}/oauth2/authorize", v1, refusals),
        Route.of("POST", "/{tenant}/oauth2/authorize", v1, refusals),
        Route.of("GET", "/{tenant}/oauth2/v2.0/authorize", v2, refusals),
        Route.of("POST", "/{tenant}/oauth2/v2.0/authorize", v2, refusals));
  }

  private Reply answer(Request request, Map<String, String> path, boolean v2) {
    Map<String, String> asked = new LinkedHashMap<>(request.query());
    if (request.method().equals("POST")) {
      asked.putAll(request.form());
    }
    String segment = path.getOrDefault("tenant", "common");
    Optional<Tenant> tenant = apps.tenant(segment);
    String clientId = asked.getOrDefault("client_id", "");
    List<String> redirects = apps.redirects(clientId, tenant);
    String redirect =
        asked.getOrDefault("redirect_uri", redirects.isEmpty() ? "" : redirects.get(0));
    if (!Clients.redirectAllowed(redirects, redirect)) {
      throw Refusal.aadsts(
          50011,
          "The redirect URI '"
              + redirect
              + "' specified in the request does not match the redirect URIs configured for the"
              + " application '"
              + clientId
              + "'. Make sure the redirect URI sent in the request matches one added to your"
              + " application in the Azure portal.");
    }
    AuthorizeRequest ask;
    try {
      ask = ask(segment, clientId, redirect, asked, v2);
    } catch (Refusal refusal) {
      return byRedirect(redirect, asked, refusal);
    }
    return begin(request, ask, asked);
  }

  private AuthorizeRequest ask(
      String segment, String clientId, String redirect, Map<String, String> asked, boolean v2) {
    if (!asked.getOrDefault("response_type", "code").equals("code")) {
      throw Refusal.aadsts(70005);
    }
    if (v2 && asked.containsKey("resource")) {
      throw Refusal.aadsts(901002);
    }
    Resources.Target target =
        v2
            ? Resources.ofScope(asked.getOrDefault("scope", ""), directory)
            : Resources.ofResource(asked.getOrDefault("resource", ""), directory);
    Set<String> amr = claimsAmr(asked.getOrDefault("claims", ""));
    if (!v2) {
      amr.addAll(List.of(asked.getOrDefault("amr_values", "").split("[ ,]+")));
    }
    String method = asked.getOrDefault("code_challenge_method", "plain");
    return new AuthorizeRequest(
        segment,
        clientId,
        redirect,
        target,
        v2,
        Optional.ofNullable(asked.get("state")),
        asked.getOrDefault("response_mode", "query"),
        amr.contains("ngcmfa"),
        amr.contains("mfa"),
        Optional.ofNullable(asked.get("code_challenge")).map(value -> method + ":" + value),
        Optional.ofNullable(asked.get("nonce")),
        Optional.ofNullable(asked.get("login_hint")),
        asked.getOrDefault("client-request-id", UUID.randomUUID().toString()),
        Optional.empty());
  }

  private Reply begin(Request request, AuthorizeRequest ask, Map<String, String> asked) {
    String prompt = asked.getOrDefault("prompt", "");
    Optional<String> credential =
        request
            .header("x-ms-refreshtokencredential")
            .or(() -> Optional.ofNullable(request.cookies().get("x-ms-RefreshTokenCredential")));
    if (!prompt.equals("login") && !prompt.equals("select_account")) {
      Optional<Proof> session = sessions.of(request);
      Optional<Reply> silent =
          session.isPresent() && credential.isEmpty()
              ? Optional.of(again(request, ask, session.get()))
              : credential.flatMap(value -> silently(request, ask, asked, value));
      if (silent.isPresent()) {
        return silent.get();
      }
    }
    if (prompt.equals("none")) {
      return byRedirect(ask.redirectUri(), asked, Refusal.aadsts(50058));
    }
    return pages.signIn(request, flows.begin(ask), Optional.empty());
  }

  /** The browser is signed in already; what this application demands is still asked for. */
  private Reply again(Request request, AuthorizeRequest ask, Proof proof) {
    Flow flow = flows.begin(ask);
    flow.proven(policy.user(proof, proof.authTime()), proof);
    flow.askedKmsi();
    return signIn.advance(request, flow);
  }

  /** Signs in with a PRT; nothing when the credential is to be passed over. */
  private Optional<Reply> silently(
      Request request, AuthorizeRequest ask, Map<String, String> asked, String credential) {
    Jws jwt;
    try {
      jwt = Jws.parse(credential);
    } catch (IllegalArgumentException e) {
      throw Refusal.aadsts(70000, "The PRT credential is malformed.");
    }
    Grants.Prt prt;
    try {
      prt = verifier.prt(jwt, true);
    } catch (Refusal refusal) {
      if (refusal.code() != 140000) {
        throw refusal;
      }
      String ours = asked.getOrDefault("sso_nonce", "");
      if (!ours.isEmpty() && !jwt.claim("request_nonce").equals(Optional.of(ours))) {
        return Optional.empty(); // a stale cookie: it was asked for a new one and did not bring it
      }
      Map<String, String> again = new LinkedHashMap<>(request.query());
      again.put("sso_nonce", nonces.issue());
      return Optional.of(
          Reply.redirect(request.origin() + request.path() + "?" + Forms.query(again)));
    }
    if (ask.target().id().equals(Resources.DEVICE_SERVICE)) {
      throw Refusal.aadsts(50132);
    }
    Optional<String> device = request.header("x-ms-devicecredential");
    if (device.isPresent()) {
      Jws deviceJwt = parse(device.get());
      if (!prt.proof().device().equals(Optional.of(verifier.device(deviceJwt).id()))) {
        throw Refusal.aadsts(50155);
      }
    }
    Flow flow = flows.begin(ask);
    flow.proven(policy.user(prt.proof(), prt.issued()), prt.proof());
    flow.sessionKey(prt.sessionKey());
    flow.askedKmsi();
    Reply reply = signIn.advance(request, flow);
    verifier.spend(jwt);
    return Optional.of(reply);
  }

  private static Jws parse(String compact) {
    try {
      return Jws.parse(compact);
    } catch (IllegalArgumentException e) {
      throw Refusal.aadsts(50013);
    }
  }

  private static Reply byRedirect(String redirect, Map<String, String> asked, Refusal refusal) {
    Map<String, String> answer = new LinkedHashMap<>();
    answer.put("error", refusal.error());
    answer.put("error_description", refusal.description());
    answer.put("error_uri", "https://login.microsoftonline.com/error?code=" + refusal.code());
    if (asked.containsKey("state")) {
      answer.put("state", asked.getOrDefault("state", ""));
    }
    return SignIn.deliver(redirect, asked.getOrDefault("response_mode", "query"), answer);
  }

  private static Set<String> claimsAmr(String claims) {
    Set<String> values = new HashSet<>();
    if (claims.isEmpty()) {
      return values;
    }
    try {
      JsonObject root = JsonParser.parseString(claims).getAsJsonObject();
      if (root.get("access_token") instanceof JsonObject token
          && token.get("amr") instanceof JsonObject amr
          && amr.get("values") instanceof JsonArray list) {
        list.forEach(value -> values.add(value.getAsString()));
      }
      return values;
    } catch (JsonParseException | IllegalStateException e) {
      throw Refusal.aadsts(90023, "The claims parameter is not JSON.");
    }
  }
}
