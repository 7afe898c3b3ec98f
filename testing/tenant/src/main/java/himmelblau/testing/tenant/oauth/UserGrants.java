package himmelblau.testing.tenant.oauth;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import himmelblau.testing.tenant.crypto.Encoding;
import himmelblau.testing.tenant.crypto.SessionJwe;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.Settings;
import himmelblau.testing.tenant.directory.Tenant;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.login.Apps;
import himmelblau.testing.tenant.login.Credentials;
import himmelblau.testing.tenant.login.DeviceCodes;
import himmelblau.testing.tenant.token.Clients;
import himmelblau.testing.tenant.token.Grants;
import himmelblau.testing.tenant.token.Proof;
import himmelblau.testing.tenant.token.Resources;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.token.TokenMint;
import himmelblau.testing.tenant.token.TokenPolicy;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Grants that give a user's tokens: code, refresh token, password, device code. */
public final class UserGrants {
  private final Apps apps;
  private final ClientAuthentication clients;
  private final Directory directory;
  private final Credentials credentials;
  private final DeviceCodes deviceCodes;
  private final Grants grants;
  private final TokenPolicy policy;
  private final TokenMint mint;
  private final Settings settings;
  private final TenantClock clock;

  public UserGrants(
      Apps apps,
      ClientAuthentication clients,
      Directory directory,
      Credentials credentials,
      DeviceCodes deviceCodes,
      Grants grants,
      TokenPolicy policy,
      TokenMint mint,
      Settings settings,
      TenantClock clock) {
    this.apps = apps;
    this.clients = clients;
    this.directory = directory;
    this.credentials = credentials;
    this.deviceCodes = deviceCodes;
    this.grants = grants;
    this.policy = policy;
    this.mint = mint;
    this.settings = settings;
    this.clock = clock;
  }

  Reply code(TokenEndpoint.Call call) {
    String clientId = client(call);
    String value = call.need("code");
    Grants.Code code =
        grants
            .code(value)
            .orElseThrow(
                () -> Refusal.aadsts(70000, "The provided authorization code is malformed."));
    if (!code.clientId().equalsIgnoreCase(clientId)) {
      throw Refusal.aadsts(70000, "The code was issued to another application.");
    }
    if (!Clients.sameRedirect(code.redirectUri(), call.need("redirect_uri"))) {
      throw Refusal.aadsts(50011).as("invalid_grant");
    }
    requireTenant(call, code.proof(), 700005);
    if (grants.redeemed(value)) {
      throw Refusal.aadsts(54005);
    }
    if (clock.now().isAfter(code.expires())) {
      throw Refusal.aadsts(70008);
    }
    code.challenge().ifPresent(challenge -> requireVerifier(challenge, call));
    Resources.Target target = target(call, code.target(), code.v2());
    User user = policy.user(code.proof(), code.proof().authTime());
    policy.require(user, code.proof(), target.id());
    JsonObject body =
        mint.response(
            new TokenMint.Order(
                user, code.proof(), clientId, target, call.v2(), call.clientInfo(), code.nonce()));
    if (!grants.redeem(value)) {
      throw Refusal.aadsts(54005);
    }
    if (code.sessionKey().isPresent() && call.get("windows_api_version").startsWith("2.")) {
      return Reply.of(
          200,
          "application/json; charset=utf-8",
          Encoding.utf8(
              SessionJwe.encrypt(
                  code.sessionKey().get(),
                  Encoding.utf8(Reply.GSON.toJson(body)),
                  settings.on("gcm-responses"))));
    }
    return Reply.json(body);
  }

  JsonObject refresh(TokenEndpoint.Call call) {
    String clientId = client(call);
    Grants.Refresh token = refreshToken(call.need("refresh_token"), clientId);
    requireTenant(call, token.proof(), 50020);
    Resources.Target target = target(call, Optional.empty());
    User user = policy.user(token.proof(), token.issued());
    policy.require(user, token.proof(), target.id());
    return mint.response(
        new TokenMint.Order(
            user,
            token.proof(),
            clientId,
            target,
            call.v2(),
            call.clientInfo(),
            Optional.empty(),
            confirmation(call)));
  }

  /** The key that a token of the type {@code pop} is to be bound to (entra-tokens 8.4). */
  private static Optional<JsonObject> confirmation(TokenEndpoint.Call call) {
    if (!call.get("token_type").equalsIgnoreCase("pop")) {
      return Optional.empty();
    }
    try {
      String json = new String(Encoding.decode(call.need("req_cnf")), StandardCharsets.UTF_8);
      JsonObject key = JsonParser.parseString(json).getAsJsonObject();
      if (key.size() == 1 && key.get("kid").getAsString().length() > 0) {
        return Optional.of(key);
      }
    } catch (IllegalArgumentException | IllegalStateException | JsonParseException e) {
      // Told below.
    }
    throw Refusal.aadsts(9002313, "Invalid request. The parameter 'req_cnf' is malformed.");
  }

  /** A refresh token that this client may use now. */
  Grants.Refresh refreshToken(String value, String clientId) {
    if (grants.prt(value).isPresent()) {
      throw Refusal.aadsts(70000, "A primary refresh token is only used in a signed request.");
    }
    Grants.Refresh token = grants.refresh(value).orElseThrow(() -> Refusal.aadsts(70000));
    boolean family = Clients.family(token.clientId()) && Clients.family(clientId);
    if (!token.clientId().equalsIgnoreCase(clientId) && !family) {
      throw Refusal.aadsts(
          70000, "Provided grant is invalid or malformed: it was issued to another client.");
    }
    if (clock.now().isAfter(token.expires())) {
      throw Refusal.aadsts(700082);
    }
    return token;
  }

  JsonObject password(TokenEndpoint.Call call) {
    String clientId = client(call);
    Resources.Target target = target(call, Optional.empty());
    User user = credentials.password(call.need("username"), call.need("password"));
    if (user.passwordExpired()) {
      throw Refusal.aadsts(50055);
    }
    Instant now = clock.now();
    Proof proof = Proof.of(user.tenant(), user.id(), List.of("pwd"), now);
    requireTenant(call, proof, 50034);
    policy.require(user, proof, target.id());
    return mint.response(
        new TokenMint.Order(
            user, proof, clientId, target, call.v2(), call.clientInfo(), Optional.empty()));
  }

  JsonObject deviceCode(TokenEndpoint.Call call) {
    String clientId = client(call);
    String secret = call.get("device_code");
    Map.Entry<DeviceCodes.DeviceCode, Proof> redeemed =
        deviceCodes.redeem(secret.isEmpty() ? call.need("code") : secret, clientId);
    Proof proof = redeemed.getValue();
    requireTenant(call, proof, 50020);
    User user = policy.user(proof, proof.authTime());
    Resources.Target target = redeemed.getKey().target();
    policy.require(user, proof, target.id());
    return mint.response(
        new TokenMint.Order(
            user, proof, clientId, target, call.v2(), call.clientInfo(), Optional.empty()));
  }

  private String client(TokenEndpoint.Call call) {
    String clientId = call.need("client_id").toLowerCase(java.util.Locale.ROOT);
    Optional<Tenant> tenant = apps.tenant(call.tenant());
    if (Clients.firstParty(clientId).isEmpty()) {
      clients.verifyIfOffered(call, apps.app(clientId, tenant));
    }
    return clientId;
  }

  /** What was asked for now, or, when nothing was, what was asked for before. */
  private Resources.Target target(
      TokenEndpoint.Call call, Resources.Target before, boolean codeIsV2) {
    if (call.v2() && !codeIsV2 && call.get("scope").isEmpty()) {
      return before;
    }
    return target(call, Optional.of(before));
  }

  private Resources.Target target(TokenEndpoint.Call call, Optional<Resources.Target> before) {
    String asked = call.get(call.v2() ? "scope" : "resource");
    if (asked.isEmpty() && before.isPresent()) {
      return before.get();
    }
    if (!call.v2()) {
      return Resources.ofResource(asked, directory);
    }
    Resources.Target target = Resources.ofScope(asked, directory);
    boolean onlyOpenId =
        target.scopes().isEmpty() && !asked.contains(".default") && before.isPresent();
    return onlyOpenId
        ? new Resources.Target(
            before.get().audience(),
            before.get().id(),
            before.get().scopes(),
            target.openid(),
            target.offline())
        : target;
  }

  private void requireTenant(TokenEndpoint.Call call, Proof proof, int code) {
    Optional<Tenant> tenant = apps.tenant(call.tenant());
    boolean consumers = call.tenant().equalsIgnoreCase("consumers");
    if (consumers || (tenant.isPresent() && !tenant.get().id().equals(proof.tenant()))) {
      throw Refusal.aadsts(code);
    }
  }

  private static void requireVerifier(String challenge, TokenEndpoint.Call call) {
    String verifier = call.get("code_verifier");
    String[] parts = challenge.split(":", 2);
    String computed =
        parts[0].equals("S256")
            ? Encoding.b64u(Encoding.sha256(Encoding.utf8(verifier)))
            : verifier;
    if (!computed.equals(parts[1])) {
      throw Refusal.aadsts(501481);
    }
  }
}
