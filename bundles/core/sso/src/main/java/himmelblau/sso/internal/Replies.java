package himmelblau.sso.internal;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import himmelblau.api.sso.IssuedToken;
import himmelblau.api.sso.SsoCookie;
import himmelblau.api.sso.TokenOwner;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** The JSON of replies (sso-broker 1.3). */
final class Replies {
  private static final String ENVIRONMENT = "login.windows.net";
  private static final String SIGN_IN_HOST = "login.microsoftonline.com";
  private static final int BEARER = 0;
  private static final int POP = 1;

  private Replies() {}

  static String error(BrokerStatus status, String context) {
    return holding("error", errorObject(status, context));
  }

  /** As the token methods have it. */
  static String tokenError(BrokerStatus status, String context) {
    return holding("brokerTokenResponse", object("error", errorObject(status, context)));
  }

  private static JsonObject errorObject(BrokerStatus status, String context) {
    JsonObject error = new JsonObject();
    error.addProperty("context", context);
    error.addProperty("status", status.code());
    error.addProperty("subStatus", 0);
    // Without these two MSALRuntime takes the reply for broken and never asks the user.
    error.addProperty("tag", 0);
    error.addProperty("errorCode", 0);
    return error;
  }

  static String accounts(Optional<TokenOwner> owner) {
    JsonArray accounts = new JsonArray();
    owner.ifPresent(found -> accounts.add(account(found, ENVIRONMENT)));
    JsonObject reply = new JsonObject();
    reply.add("accounts", accounts);
    return reply.toString();
  }

  static String version(String version) {
    JsonObject reply = new JsonObject();
    reply.addProperty("linuxBrokerVersion", version);
    return reply.toString();
  }

  static String signedRequest(String signed) {
    JsonObject reply = new JsonObject();
    reply.addProperty("signedHttpRequest", signed);
    return reply.toString();
  }

  static String nothing() {
    return new JsonObject().toString();
  }

  /**
   * @param access the access token as the program presents it
   */
  static String token(IssuedToken token, String access, TokenOwner owner) {
    JsonObject reply = new JsonObject();
    reply.addProperty("accessToken", access);
    reply.addProperty("accessTokenType", token.pop() ? POP : BEARER);
    reply.addProperty("clientInfo", token.clientInfo());
    reply.addProperty("expiresOn", token.expires().toEpochMilli());
    reply.addProperty("extendedExpiresOn", token.extendedExpires().toEpochMilli());
    reply.addProperty("grantedScopes", String.join(" ", token.scopes()));
    reply.addProperty("idToken", token.id().revealText());
    reply.add("account", account(owner, ENVIRONMENT));
    return holding("brokerTokenResponse", reply);
  }

  /** In both forms that programs know. */
  static String cookie(SsoCookie cookie, TokenOwner owner) {
    JsonArray items = new JsonArray();
    items.add(named(new JsonObject(), cookie));
    JsonObject reply = named(object("account", account(owner, SIGN_IN_HOST)), cookie);
    reply.add("cookieItems", items);
    return reply.toString();
  }

  private static JsonObject named(JsonObject in, SsoCookie cookie) {
    in.addProperty("cookieName", cookie.name());
    in.addProperty("cookieContent", cookie.content().revealText());
    return in;
  }

  private static JsonObject account(TokenOwner owner, String environment) {
    String shown = owner.displayName().isBlank() ? owner.name().upn() : owner.displayName();
    JsonObject account = new JsonObject();
    account.addProperty("environment", environment);
    account.addProperty("homeAccountId", homeAccountId(owner));
    account.addProperty("localAccountId", owner.objectId().toString());
    account.addProperty("realm", owner.tenantId());
    account.addProperty("username", owner.name().upn());
    account.addProperty("name", shown);
    account.addProperty("givenName", shown);
    account.addProperty("passwordExpiry", 0);
    account.addProperty("clientInfo", clientInfo(owner));
    return account;
  }

  /** What programs know an account by. */
  static String homeAccountId(TokenOwner owner) {
    return owner.objectId() + "." + owner.tenantId();
  }

  private static String clientInfo(TokenOwner owner) {
    JsonObject info = new JsonObject();
    info.addProperty("uid", owner.objectId().toString());
    info.addProperty("utid", owner.tenantId());
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(info.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static JsonObject object(String name, JsonObject value) {
    JsonObject object = new JsonObject();
    object.add(name, value);
    return object;
  }

  private static String holding(String name, JsonObject value) {
    return object(name, value).toString();
  }
}
