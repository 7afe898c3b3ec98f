package himmelblau.sso.internal;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import himmelblau.api.account.AccountName;
import himmelblau.api.sso.TokenRequest;
import java.io.StringReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The JSON of a call (sso-broker 1.3). Members that are not known, or are of another type than the
 * known one, are ignored as if they were not there.
 */
final class CallRequest {
  private static final int DEPTH = 32;
  private static final int MOST_SCOPES = 64;
  private static final int LONGEST = 2048;
  private static final String PARAMETERS = "authParameters";
  private static final String ACCOUNT = "account";
  private static final String POP = "popParams";
  private static final Set<String> WANT_USER = Set.of("login", "select_account");

  private final JsonObject root;
  private final JsonObject parameters;

  private CallRequest(JsonObject root) {
    this.root = root;
    this.parameters = object(root, PARAMETERS).orElseGet(JsonObject::new);
  }

  static CallRequest parse(String text) throws CallRefused {
    JsonReader reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    reader.setNestingLimit(DEPTH);
    try {
      if (JsonParser.parseReader(reader) instanceof JsonObject object) {
        return new CallRequest(object);
      }
      throw new CallRefused(BrokerStatus.WRONG_REQUEST, "The request is not a JSON object");
    } catch (JsonParseException e) {
      // The parser's message may quote what it did not understand.
      throw new CallRefused(BrokerStatus.WRONG_REQUEST, "The request is not JSON");
    }
  }

  /** Refuses a request for another account; one without an account is for the caller's. */
  void requireOwn(AccountName own) throws CallRefused {
    List<Optional<String>> named = new ArrayList<>();
    named.add(text(parameters, "username"));
    object(root, ACCOUNT).ifPresent(account -> named.add(text(account, "username")));
    object(parameters, ACCOUNT).ifPresent(account -> named.add(text(account, "username")));
    boolean foreign =
        named.stream()
            .flatMap(Optional::stream)
            .anyMatch(name -> !name.toLowerCase(Locale.ROOT).equals(own.upn()));
    if (foreign) {
      throw new CallRefused(BrokerStatus.WRONG_REQUEST, CallRefused.OTHER_USER);
    }
  }

  /** The application; "" if the request does not name one. */
  String clientId() {
    return text(parameters, "clientId").or(() -> text(root, "clientId")).orElse("");
  }

  /**
   * The token that is asked for.
   *
   * @param popKey the id of the key that it is to be bound to
   */
  TokenRequest token(Optional<String> popKey) throws CallRefused {
    if (!clientId().matches("[\\x21-\\x7e]{1,128}")) {
      throw new CallRefused(BrokerStatus.WRONG_REQUEST, "Missing clientId");
    }
    return new TokenRequest(clientId(), redirectUri(), scopes(), claims(), popKey);
  }

  private List<String> scopes() throws CallRefused {
    List<String> scopes = new ArrayList<>();
    if (parameters.get("requestedScopes") instanceof JsonArray array) {
      for (JsonElement element : array) {
        String scope =
            element instanceof JsonPrimitive value && value.isString() ? value.getAsString() : "";
        if (!scope.matches("[\\x21\\x23-\\x5b\\x5d-\\x7e]{1," + LONGEST + "}")) {
          throw new CallRefused(
              BrokerStatus.WRONG_REQUEST, "requestedScopes has a member that is not a scope");
        }
        scopes.add(scope);
      }
    }
    if (scopes.isEmpty() || scopes.size() > MOST_SCOPES) {
      throw new CallRefused(BrokerStatus.WRONG_REQUEST, "Missing requestedScopes");
    }
    return scopes;
  }

  private Optional<String> redirectUri() throws CallRefused {
    Optional<String> uri = text(parameters, "redirectUri");
    // A code would be delivered in the fragment's page (RFC 6749 3.1.2).
    if (uri.filter(text -> !text.matches("[\\x21-\\x7e&&[^#]]{1," + LONGEST + "}")).isPresent()) {
      throw new CallRefused(BrokerStatus.WRONG_REQUEST, "Invalid redirectUri");
    }
    return uri;
  }

  /** A claims challenge, or empty. */
  private Optional<String> claims() throws CallRefused {
    Optional<String> claims = text(parameters, "decodedClaims");
    if (claims.isEmpty()) {
      return claims;
    }
    try {
      if (JsonParser.parseString(claims.get()) instanceof JsonObject object) {
        return object.isEmpty() ? Optional.empty() : claims;
      }
    } catch (JsonParseException e) {
      // Told below.
    }
    throw new CallRefused(BrokerStatus.WRONG_REQUEST, "decodedClaims is not a JSON object");
  }

  /** What a token with a proof of possession is for; empty if a bearer token is asked for. */
  Optional<PopParameters> pop() throws CallRefused {
    Optional<JsonObject> given =
        object(parameters, POP)
            .filter(
                params ->
                    text(params, "authenticationScheme")
                        .filter("pop"::equalsIgnoreCase)
                        .isPresent());
    return given.isPresent() ? Optional.of(pop(given.get())) : Optional.empty();
  }

  /** The request that is to be signed, without a token. */
  PopParameters signedRequest() throws CallRefused {
    Optional<JsonObject> given = object(root, POP).or(() -> object(parameters, POP));
    return pop(given.orElseGet(JsonObject::new));
  }

  private static PopParameters pop(JsonObject given) throws CallRefused {
    Optional<String> host = member(given, "uriHost", "[\\x21-\\x7e]{1,2048}");
    Optional<String> path = Optional.empty();
    if (host.filter(text -> text.contains("://")).isPresent()) {
      URI whole = uri(host.get());
      host = Optional.ofNullable(whole.getRawAuthority());
      path = Optional.ofNullable(whole.getRawPath()).filter(text -> !text.isEmpty());
    }
    return new PopParameters(
        member(given, "kid", "[\\x20-\\x7e]{1,256}"),
        member(given, "httpMethod", "[A-Z]{1,16}"),
        host,
        path,
        member(given, "nonce", "[\\x21-\\x7e]{1,2048}"),
        member(given, "clientClaims", "(?s).{1,8192}"),
        member(given, "homeAccountId", "[\\x21-\\x7e]{1,256}"));
  }

  private static URI uri(String text) throws CallRefused {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new CallRefused(BrokerStatus.WRONG_REQUEST, "Invalid uriHost");
    }
  }

  private static Optional<String> member(JsonObject in, String name, String pattern)
      throws CallRefused {
    Optional<String> value = text(in, name);
    if (value.isPresent() && !value.get().matches(pattern)) {
      throw new CallRefused(BrokerStatus.WRONG_REQUEST, "Invalid " + name);
    }
    return value;
  }

  /** Whether a kept token must not be the answer. */
  boolean freshOnly() {
    return text(parameters, "accessTokenToRenew").isPresent();
  }

  /** Whether the program wants its user to be asked. */
  boolean wantsUser() {
    return text(parameters, "prompt").filter(WANT_USER::contains).isPresent();
  }

  /** The nonce in the address that the browser is about to load. */
  Optional<String> ssoNonce() throws CallRefused {
    Optional<String> url = text(root, "ssoUrl").or(() -> text(parameters, "ssoUrl"));
    int query = url.map(text -> text.indexOf('?')).orElse(-1);
    if (query < 0) {
      return Optional.empty();
    }
    Optional<String> nonce =
        Stream.of(url.orElseThrow().substring(query + 1).split("#", 2)[0].split("&"))
            .filter(pair -> pair.startsWith("sso_nonce="))
            .map(pair -> decoded(pair.substring("sso_nonce=".length())))
            .filter(value -> !value.isEmpty())
            .findFirst();
    if (nonce.filter(value -> !value.matches("[\\x21-\\x7e]{1," + LONGEST + "}")).isPresent()) {
      throw new CallRefused(BrokerStatus.WRONG_REQUEST, "Invalid sso_nonce");
    }
    return nonce;
  }

  private static String decoded(String value) {
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return value;
    }
  }

  private static Optional<JsonObject> object(JsonObject in, String name) {
    return in.get(name) instanceof JsonObject object ? Optional.of(object) : Optional.empty();
  }

  /** A string; an empty one counts as absent. */
  private static Optional<String> text(JsonObject in, String name) {
    return in.get(name) instanceof JsonPrimitive value && value.isString()
        ? Optional.of(value.getAsString()).filter(text -> !text.isBlank())
        : Optional.empty();
  }
}
