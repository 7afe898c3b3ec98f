package himmelblau.testing.tenant.oauth;

import com.google.gson.JsonObject;
import himmelblau.testing.tenant.crypto.Encoding;
import himmelblau.testing.tenant.crypto.Jws;
import himmelblau.testing.tenant.crypto.SessionJwe;
import himmelblau.testing.tenant.directory.Device;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.HelloKey;
import himmelblau.testing.tenant.directory.Settings;
import himmelblau.testing.tenant.directory.Tenant;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.kerberos.ReplyTickets;
import himmelblau.testing.tenant.login.Apps;
import himmelblau.testing.tenant.login.Credentials;
import himmelblau.testing.tenant.token.Clients;
import himmelblau.testing.tenant.token.Grants;
import himmelblau.testing.tenant.token.Proof;
import himmelblau.testing.tenant.token.PrtVerifier;
import himmelblau.testing.tenant.token.Resources;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.token.TokenMint;
import himmelblau.testing.tenant.token.TokenPolicy;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Reply;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Primary refresh tokens: given for device-signed requests, used and renewed by the session key.
 */
public final class PrtGrants {
  private static final Set<String> BROKERS = Set.of(Clients.BROKER, Clients.WINDOWS_BROKER);

  private final PrtVerifier verifier;
  private final UserGrants users;
  private final Apps apps;
  private final Directory directory;
  private final Credentials credentials;
  private final Grants grants;
  private final TokenPolicy policy;
  private final TokenMint mint;
  private final ReplyTickets tickets;
  private final Settings settings;
  private final TenantClock clock;
  private final AtomicInteger unknownAnswers = new AtomicInteger();

  public PrtGrants(
      PrtVerifier verifier,
      UserGrants users,
      Apps apps,
      Directory directory,
      Credentials credentials,
      Grants grants,
      TokenPolicy policy,
      TokenMint mint,
      ReplyTickets tickets,
      Settings settings,
      TenantClock clock) {
    this.verifier = verifier;
    this.users = users;
    this.apps = apps;
    this.directory = directory;
    this.credentials = credentials;
    this.grants = grants;
    this.policy = policy;
    this.mint = mint;
    this.tickets = tickets;
    this.settings = settings;
    this.clock = clock;
  }

  /** A new PRT, for a request signed with the device key. */
  Reply request(TokenEndpoint.Call call, Jws jwt) {
    Device device = verifier.device(jwt);
    if (unknownAnswers.get() < settings.number("device-unknown-count")) {
      unknownAnswers.incrementAndGet();
      throw Refusal.aadsts(50155); // as while a new device is not replicated yet
    }
    List<String> scope = Arrays.asList(jwt.claim("scope").orElse("").split(" "));
    if (!scope.contains("openid") || !scope.contains("aza")) {
      throw Refusal.aadsts(70011, "A request for a PRT needs the scopes 'openid aza'.");
    }
    String clientId = jwt.claim("client_id").orElse("").toLowerCase(Locale.ROOT);
    if (!BROKERS.contains(clientId)) {
      throw Refusal.aadsts(700016);
    }
    if (device.transportKey().isEmpty()) {
      throw Refusal.aadsts(130006);
    }
    Proof proof =
        switch (jwt.claim("grant_type").orElse("")) {
          case "password" -> password(jwt);
          case "refresh_token" -> refreshToken(jwt, clientId);
          case "urn:ietf:params:oauth:grant-type:jwt-bearer" -> hello(jwt);
          default -> throw Refusal.aadsts(70003);
        };
    requireTenant(call, device, proof);
    User user = policy.user(proof, clock.now());
    if (settings.on("mfa-at-prt")) {
      policy.require(user, proof, Resources.GRAPH);
    }
    byte[] sessionKey = SessionJwe.random(32);
    JsonObject body =
        prt(user, proof.without("ngcmfa").on(device.id()), sessionKey, call.clientInfo());
    body.addProperty("session_key_jwe", SessionJwe.wrap(sessionKey, device.transportKey().get()));
    body.addProperty("device_tenant_id", device.tenant().toString());
    if (call.get("tgt").equals("true")) {
      tickets.add(body, user, sessionKey);
    }
    verifier.spend(jwt);
    return Reply.json(body);
  }

  private Proof password(Jws jwt) {
    User user =
        credentials.password(jwt.claim("username").orElse(""), jwt.claim("password").orElse(""));
    if (user.passwordExpired()) {
      throw Refusal.aadsts(50055);
    }
    return Proof.of(user.tenant(), user.id(), List.of("pwd"), clock.now());
  }

  private Proof refreshToken(Jws jwt, String clientId) {
    Grants.Refresh token = users.refreshToken(jwt.claim("refresh_token").orElse(""), clientId);
    policy.user(token.proof(), token.issued());
    return token.proof();
  }

  private Proof hello(Jws outer) {
    Jws assertion;
    try {
      assertion = Jws.parse(outer.claim("assertion").orElse(""));
    } catch (IllegalArgumentException e) {
      throw Refusal.aadsts(50013, "The assertion is not a JWT.");
    }
    verifier.requireNonce(assertion, "request_nonce");
    User user =
        directory.user(assertion.claim("iss").orElse("")).orElseThrow(() -> Refusal.aadsts(50034));
    String keyId = assertion.headerText("kid").orElse("");
    HelloKey key =
        directory.helloKeys(user).stream()
            .filter(one -> one.keyId().equals(keyId))
            .findFirst()
            .orElseThrow(() -> Refusal.aadsts(130004));
    if (!assertion.headerText("use").equals(Optional.of("ngc"))
        || !assertion.verifiesRs256(key.key())) {
      throw Refusal.aadsts(130005);
    }
    long now = clock.now().getEpochSecond();
    if (assertion.time("exp").orElse(0L) <= now
        || assertion.time("iat").orElse(Long.MAX_VALUE) > now + 300) {
      throw Refusal.aadsts(500133);
    }
    policy.device(key.device());
    verifier.spend(assertion);
    return Proof.of(user.tenant(), user.id(), List.of("ngcmfa", "rsa"), clock.now())
        .withMfa(clock.now());
  }

  /** The device, the user and the endpoint must be of one tenant. */
  private void requireTenant(TokenEndpoint.Call call, Device device, Proof proof) {
    Optional<Tenant> tenant = apps.tenant(call.tenant());
    boolean elsewhere = tenant.isPresent() && !tenant.get().id().equals(proof.tenant());
    if (elsewhere || !device.tenant().equals(proof.tenant())) {
      throw Refusal.aadsts(50020);
    }
  }

  /** Tokens, a new PRT, or both, for a request signed with the session key of a PRT. */
  Reply use(TokenEndpoint.Call call, Jws jwt) {
    Grants.Prt prt = verifier.prt(jwt, false);
    User user = policy.user(prt.proof(), prt.issued());
    if (apps.tenant(call.tenant())
        .filter(tenant -> !tenant.id().equals(user.tenant()))
        .isPresent()) {
      throw Refusal.aadsts(50020);
    }
    if (!jwt.claim("grant_type").orElse("").equals("refresh_token")) {
      throw Refusal.aadsts(70003);
    }
    List<String> scope = Arrays.asList(jwt.claim("scope").orElse("").split(" "));
    String clientId = jwt.claim("client_id").orElse("").toLowerCase(Locale.ROOT);
    JsonObject body;
    String resource = jwt.claim("resource").orElse("");
    if (scope.contains("aza") && resource.isEmpty()) {
      if (!BROKERS.contains(clientId)) {
        throw Refusal.aadsts(700016);
      }
      body = prt(user, prt.proof(), prt.sessionKey(), call.clientInfo());
      if (call.get("tgt").equals("true")) {
        tickets.add(body, user, prt.sessionKey());
      }
    } else {
      body = tokens(call, jwt, user, prt, clientId, resource);
    }
    verifier.spend(jwt);
    return Reply.of(
        200,
        "application/json; charset=utf-8",
        Encoding.utf8(
            SessionJwe.encrypt(
                prt.sessionKey(),
                Encoding.utf8(Reply.GSON.toJson(body)),
                settings.on("gcm-responses"))));
  }

  private JsonObject tokens(
      TokenEndpoint.Call call,
      Jws jwt,
      User user,
      Grants.Prt prt,
      String clientId,
      String resource) {
    List<String> redirects = apps.redirects(clientId, directory.tenant(user.tenant().toString()));
    Optional<String> redirect = jwt.claim("redirect_uri");
    boolean plugin =
        redirect
            .filter(
                uri -> uri.equalsIgnoreCase("ms-appx-web://Microsoft.AAD.BrokerPlugin/" + clientId))
            .isPresent();
    if (redirect.isPresent() && !plugin && !Clients.redirectAllowed(redirects, redirect.get())) {
      throw Refusal.aadsts(50011).as("invalid_grant");
    }
    Resources.Target target =
        call.v2()
            ? Resources.ofScope(jwt.claim("scope").orElse(""), directory)
            : Resources.ofResource(resource, directory);
    if (target.id().equals(Resources.DEVICE_SERVICE)) {
      throw Refusal.aadsts(50132);
    }
    policy.require(user, prt.proof(), target.id());
    JsonObject body =
        mint.response(
            new TokenMint.Order(
                user,
                prt.proof(),
                clientId,
                target,
                call.v2(),
                call.clientInfo(),
                Optional.empty()));
    if (resource.isEmpty() && !call.v2()) {
      body.remove("access_token");
    }
    return body;
  }

  /** All the times are those of the PRT itself, written as the service writes them. */
  private JsonObject prt(User user, Proof proof, byte[] sessionKey, boolean clientInfo) {
    Instant now = clock.now();
    int seconds = settings.number("prt-seconds");
    Instant end = now.plusSeconds(seconds);
    JsonObject body = new JsonObject();
    body.addProperty("token_type", "Bearer");
    body.addProperty("expires_in", String.valueOf(seconds));
    body.addProperty("ext_expires_in", "0");
    body.addProperty("expires_on", String.valueOf(end.getEpochSecond()));
    body.addProperty("refresh_token", grants.put(new Grants.Prt(proof, sessionKey, now, end)));
    body.addProperty("refresh_token_expires_in", seconds);
    body.addProperty("id_token", mint.prtIdToken(user, proof));
    if (clientInfo) {
      body.addProperty("client_info", mint.clientInfo(user));
    }
    return body;
  }
}
