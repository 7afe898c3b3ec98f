package himmelblau.testing.tenant.oauth;

import com.google.gson.JsonObject;
import himmelblau.testing.tenant.crypto.Jws;
import himmelblau.testing.tenant.token.Nonces;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.Route;
import java.util.List;
import java.util.Map;

/** {@code /oauth2/token} and {@code /oauth2/v2.0/token}: finds the grant and hands the form on. */
public final class TokenEndpoint {
  /**
   * One call of the token endpoint.
   *
   * @param tenant as the path named it
   */
  record Call(Request request, String tenant, boolean v2, Map<String, String> form) {
    String get(String name) {
      return form.getOrDefault(name, "");
    }

    /** A field that must be there. */
    String need(String name) {
      String value = get(name);
      if (value.isEmpty()) {
        throw Refusal.aadsts(
            900144, "The request body must contain the following parameter: '" + name + "'.");
      }
      return value;
    }

    boolean clientInfo() {
      return get("client_info").equals("1");
    }
  }

  private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final String DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";

  private final UserGrants users;
  private final AppGrants apps;
  private final PrtGrants prts;
  private final Nonces nonces;
  private final TenantClock clock;

  public TokenEndpoint(
      UserGrants users, AppGrants apps, PrtGrants prts, Nonces nonces, TenantClock clock) {
    this.users = users;
    this.apps = apps;
    this.prts = prts;
    this.nonces = nonces;
    this.clock = clock;
  }

  public List<Route> routes() {
    Route.Refusals refusals = OAuthErrors.json(clock);
    return List.of(
        Route.of("POST", "/{tenant}/oauth2/token", (r, path) -> answer(r, path, false), refusals),
        Route.of(
            "POST", "/{tenant}/oauth2/v2.0/token", (r, path) -> answer(r, path, true), refusals));
  }

  private Reply answer(Request request, Map<String, String> path, boolean v2) {
    Call call = new Call(request, path.getOrDefault("tenant", "common"), v2, request.form());
    return switch (call.need("grant_type")) {
      case "srv_challenge" -> nonce();
      case "authorization_code" -> users.code(call);
      case "refresh_token" -> Reply.json(users.refresh(call));
      case "password" -> Reply.json(users.password(call));
      case DEVICE_CODE, "device_code" -> Reply.json(users.deviceCode(call));
      case "client_credentials" -> Reply.json(apps.clientCredentials(call));
      case JWT_BEARER -> jwtBearer(call);
      default ->
          throw Refusal.aadsts(
              70003,
              "The app requested an unsupported grant type '" + call.get("grant_type") + "'.");
    };
  }

  private Reply jwtBearer(Call call) {
    if (call.get("requested_token_use").equals("on_behalf_of")) {
      return Reply.json(apps.onBehalfOf(call));
    }
    Jws jwt;
    try {
      jwt = Jws.parse(call.need("request"));
    } catch (IllegalArgumentException e) {
      throw Refusal.aadsts(50013, "The request is not a JWT: " + e.getMessage() + ".");
    }
    return switch (jwt.algorithm()) {
      case "RS256" -> prts.request(call, jwt);
      case "HS256" -> prts.use(call, jwt);
      default -> throw Refusal.aadsts(50013);
    };
  }

  private Reply nonce() {
    JsonObject body = new JsonObject();
    body.addProperty("Nonce", nonces.issue());
    return Reply.json(body);
  }
}
