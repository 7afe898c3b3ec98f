package himmelblau.testing.tenant.token;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import himmelblau.testing.tenant.crypto.Encoding;
import himmelblau.testing.tenant.crypto.Jws;
import himmelblau.testing.tenant.crypto.SessionJwe;
import himmelblau.testing.tenant.directory.App;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.Settings;
import himmelblau.testing.tenant.directory.User;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Makes the tokens of the v1 and v2 token endpoints, with the claims that clients read. */
public final class TokenMint {
  /**
   * One request for tokens.
   *
   * @param nonce OpenID Connect nonce to repeat in the id_token
   * @param confirmation the key that the access token is bound to (RFC 7800); empty for a bearer
   *     token
   */
  public record Order(
      User user,
      Proof proof,
      String clientId,
      Resources.Target target,
      boolean v2,
      boolean clientInfo,
      Optional<String> nonce,
      Optional<JsonObject> confirmation) {
    public Order(
        User user,
        Proof proof,
        String clientId,
        Resources.Target target,
        boolean v2,
        boolean clientInfo,
        Optional<String> nonce) {
      this(user, proof, clientId, target, v2, clientInfo, nonce, Optional.empty());
    }
  }

  private final Supplier<SigningKey> key;
  private final Grants grants;
  private final TokenPolicy policy;
  private final Directory directory;
  private final Settings settings;
  private final TenantClock clock;

  public TokenMint(
      Supplier<SigningKey> key,
      Grants grants,
      TokenPolicy policy,
      Directory directory,
      Settings settings,
      TenantClock clock) {
    this.key = key;
    this.grants = grants;
    this.policy = policy;
    this.directory = directory;
    this.settings = settings;
    this.clock = clock;
  }

  /** The body of a token response. Numbers are strings in v1, as the service writes them. */
  public JsonObject response(Order order) {
    Instant now = clock.now();
    int seconds = settings.number("access-token-seconds");
    Proof proof = policy.fresh(order.proof()) ? order.proof() : order.proof().without("ngcmfa");
    List<String> scopes =
        Permissions.scopes(
            order.clientId(),
            directory.app(order.user().tenant(), UUID.fromString(order.clientId())),
            order.target());
    JsonObject body = new JsonObject();
    body.addProperty("token_type", order.confirmation().isPresent() ? "pop" : "Bearer");
    body.addProperty("scope", scopeText(order, scopes));
    if (order.v2()) {
      body.addProperty("expires_in", seconds);
      body.addProperty("ext_expires_in", seconds);
    } else {
      body.addProperty("expires_in", String.valueOf(seconds));
      body.addProperty("ext_expires_in", String.valueOf(seconds));
      body.addProperty("expires_on", String.valueOf(now.getEpochSecond() + seconds));
      body.addProperty("not_before", String.valueOf(now.getEpochSecond() - 300));
      body.addProperty("resource", order.target().audience());
    }
    body.addProperty("access_token", accessToken(order, proof, scopes, now, seconds));
    if (!order.v2() || order.target().offline()) {
      body.addProperty("refresh_token", refreshToken(order.clientId(), proof, now));
      if (Clients.family(order.clientId())) {
        body.addProperty("foci", "1");
      }
    }
    if (!order.v2() || order.target().openid()) {
      body.addProperty("id_token", idToken(order, now));
    }
    if (order.clientInfo()) {
      body.addProperty("client_info", clientInfo(order.user()));
    }
    return body;
  }

  private static String scopeText(Order order, List<String> scopes) {
    String prefix =
        order.v2() && order.target().id().contains("-") && !order.target().scopes().isEmpty()
            ? order.target().audience() + "/"
            : "";
    String text = prefix + String.join(" " + prefix, scopes);
    return order.v2() && order.target().openid() ? "openid profile email " + text : text;
  }

  public String refreshToken(String clientId, Proof proof, Instant now) {
    return grants.put(
        new Grants.Refresh(
            clientId, proof, now, now.plusSeconds(settings.number("refresh-token-seconds"))));
  }

  private String accessToken(
      Order order, Proof proof, List<String> scopes, Instant now, int seconds) {
    User user = order.user();
    JsonObject claims = common(order.target().audience(), issuer(user), now, seconds);
    JsonArray amr = new JsonArray();
    proof.amr().forEach(amr::add);
    claims.addProperty("acr", "1");
    claims.add("amr", amr);
    claims.addProperty("appid", order.clientId());
    claims.addProperty("appidacr", "0");
    proof.device().ifPresent(device -> claims.addProperty("deviceid", device.toString()));
    order.confirmation().ifPresent(key -> claims.add("cnf", key));
    claims.addProperty("idtyp", "user");
    claims.addProperty("ipaddr", "127.0.0.1");
    claims.addProperty("name", user.name());
    claims.addProperty("oid", user.id().toString());
    claims.addProperty("scp", String.join(" ", scopes));
    claims.addProperty("sub", subject(user, order.clientId()));
    claims.addProperty("tid", user.tenant().toString());
    claims.addProperty("unique_name", user.upn());
    claims.addProperty("upn", user.upn());
    claims.addProperty("ver", "1.0");
    return key.get().sign(claims);
  }

  private String idToken(Order order, Instant now) {
    User user = order.user();
    String issuer =
        order.v2() ? "https://login.microsoftonline.com/" + user.tenant() + "/v2.0" : issuer(user);
    JsonObject claims = common(order.clientId(), issuer, now, 3600);
    claims.addProperty("name", user.name());
    claims.addProperty("oid", user.id().toString());
    claims.addProperty("sub", subject(user, order.clientId()));
    claims.addProperty("tid", user.tenant().toString());
    if (order.v2()) {
      claims.addProperty("preferred_username", user.upn());
      claims.addProperty("ver", "2.0");
    } else {
      JsonArray amr = new JsonArray();
      order.proof().amr().forEach(amr::add);
      claims.add("amr", amr);
      claims.addProperty("unique_name", user.upn());
      claims.addProperty("upn", user.upn());
      claims.addProperty("ver", "1.0");
    }
    order.nonce().ifPresent(nonce -> claims.addProperty("nonce", nonce));
    return key.get().sign(claims);
  }

  /** The unsigned id_token that comes with a PRT. */
  public String prtIdToken(User user, Proof proof) {
    JsonObject claims = common(Clients.WINDOWS_BROKER, issuer(user), clock.now(), 3900);
    JsonArray amr = new JsonArray();
    proof.amr().forEach(amr::add);
    claims.add("amr", amr);
    claims.addProperty("ipaddr", "127.0.0.1");
    claims.addProperty("name", user.name());
    claims.addProperty("oid", user.id().toString());
    claims.addProperty("preferred_username", user.upn());
    claims.addProperty("pwd_url", "https://portal.microsoftonline.com/ChangePassword.aspx");
    claims.addProperty("sub", subject(user, Clients.WINDOWS_BROKER));
    claims.addProperty("tenant_display_name", directory.tenant(user.tenant()).name());
    claims.addProperty("tid", user.tenant().toString());
    claims.addProperty("unique_name", user.upn());
    claims.addProperty("upn", user.upn());
    claims.addProperty("ver", "1.0");
    return Jws.unsigned(claims);
  }

  /** The response to client credentials: no user, no refresh token. */
  public JsonObject appResponse(App app, Resources.Target target) {
    int seconds = settings.number("access-token-seconds");
    JsonObject claims =
        common(
            target.audience(),
            "https://sts.windows.net/" + app.tenant() + "/",
            clock.now(),
            seconds);
    JsonArray roles = new JsonArray();
    app.roles().forEach(roles::add);
    claims.addProperty("appid", app.clientId().toString());
    claims.addProperty("appidacr", "1");
    claims.addProperty("app_displayname", app.name());
    claims.addProperty("idtyp", "app");
    claims.addProperty("oid", app.objectId().toString());
    claims.add("roles", roles);
    claims.addProperty("sub", app.objectId().toString());
    claims.addProperty("tid", app.tenant().toString());
    claims.addProperty("ver", "1.0");
    JsonObject body = new JsonObject();
    body.addProperty("token_type", "Bearer");
    body.addProperty("expires_in", seconds);
    body.addProperty("ext_expires_in", seconds);
    body.addProperty("access_token", key.get().sign(claims));
    return body;
  }

  public String clientInfo(User user) {
    JsonObject info = new JsonObject();
    info.addProperty("uid", user.id().toString());
    info.addProperty("utid", user.tenant().toString());
    return Encoding.b64u(Encoding.utf8(info.toString()));
  }

  private static JsonObject common(String audience, String issuer, Instant now, int seconds) {
    JsonObject claims = new JsonObject();
    claims.addProperty("aud", audience);
    claims.addProperty("iss", issuer);
    claims.addProperty("iat", now.getEpochSecond() - 300);
    claims.addProperty("nbf", now.getEpochSecond() - 300);
    claims.addProperty("exp", now.getEpochSecond() + seconds);
    claims.addProperty("uti", Encoding.b64u(SessionJwe.random(16)));
    return claims;
  }

  private static String issuer(User user) {
    return "https://sts.windows.net/" + user.tenant() + "/";
  }

  private static String subject(User user, String clientId) {
    return Encoding.b64u(Encoding.sha256(Encoding.utf8(user.id() + ":" + clientId)));
  }
}
