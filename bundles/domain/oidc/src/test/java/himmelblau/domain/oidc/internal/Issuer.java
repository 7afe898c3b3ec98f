package himmelblau.domain.oidc.internal;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import himmelblau.api.http.Http;
import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A small issuer behind {@link Http}, with switches for what an issuer must not do. */
final class Issuer implements Http {
  static final String URL = "https://id.example/realms/corp";
  static final String CLIENT = "host-client";
  static final String DOMAIN = "corp.example";

  /** What is wrong. */
  enum Fault {
    NONE,
    UNREACHABLE,
    THROTTLE_ONCE,
    STALL_ONCE,
    BROKEN,
    ALG_NONE,
    HMAC_WITH_PUBLIC_KEY,
    SIGNED_BY_ANOTHER_KEY,
    UNKNOWN_KEY_ID,
    ALGORITHM_OF_ANOTHER_KEY,
    WEAK_KEY,
    ACCESS_TOKEN_AS_ID_TOKEN,
    WRONG_AUDIENCE,
    SEVERAL_AUDIENCES,
    WRONG_PARTY,
    WRONG_ISSUER,
    EXPIRED,
    ISSUED_LATER,
    ISSUED_EARLIER,
    NO_SUBJECT,
    NO_ISSUE_TIME,
    NO_EXPIRY,
    NO_AUDIENCE,
    NO_ISSUER,
    SPOILED_SIGNATURE,
    ELLIPTIC_KEY,
    SPOILED_ELLIPTIC_SIGNATURE,
    NO_KEY_ID,
    NO_KEY_ID_OF_SEVERAL,
    NONCE_THAT_NOBODY_SENT,
    UNKNOWN_CLAIMS,
    NO_ID_TOKEN,
    OTHER_SUBJECT,
    HUGE_KEY_SET,
    KEY_SET_IS_NO_JSON,
    REDIRECT_LOOP,
    KEY_SET_REDIRECTS,
    CALLS_ITSELF_OTHERWISE,
    NO_DEVICE_GRANT,
    TOKEN_ENDPOINT_WITHOUT_TLS,
    HUGE_METADATA,
    METADATA_IS_NO_JSON,
    CONTROL_CHARACTERS_IN_CODE,
    CLIENT_NOT_ALLOWED,
    SLOW_DOWN_ONCE,
    NO_REFRESH_TOKEN,
    REFRESH_WITHOUT_ROTATION,
    USERINFO_OF_ANOTHER,
    USERINFO_IS_NO_JSON,
    USERINFO_REFUSES,
    USERINFO_WITHOUT_TLS
  }

  /** How known issuers differ from the specifications, as they document it. */
  enum Manner {
    STANDARD,

    /** ID tokens that come with an access token have no claims of the user; errors of its own. */
    OKTA,

    /** {@code verification_url}; 428 and 403 for polls; a secret is demanded of devices. */
    GOOGLE
  }

  /** A user; claims beside the registered ones. */
  record User(String subject, Map<String, Object> claims) {}

  private enum State {
    PENDING,
    DENIED,
    EXPIRED
  }

  private static final RSAKey WEAK = key("weak", 1024);
  private static final RSAKey ANOTHER = key("key-1", 2048);
  private static final RSAKey FIRST = key("key-1", 2048);
  private static final RSAKey SECOND = key("key-2", 2048);

  private static final ECKey ELLIPTIC = elliptic("key-3");

  final Map<String, User> users = new HashMap<>();
  final List<String> asked = new CopyOnWriteArrayList<>();
  volatile Fault fault = Fault.NONE;
  volatile Manner manner = Manner.STANDARD;

  /** Whether {@link Manner#GOOGLE} demands the secret, as it does. */
  volatile boolean secretDemanded = true;

  volatile boolean stalled;
  volatile String refusal = "invalid_grant";
  volatile String description = "";

  /** The key set of the client, if it is no public one. */
  volatile String clientKeys = "";

  /** The secret of the client, if it has one, and whether it must be in the header. */
  volatile String clientSecret = "";

  volatile boolean secretInHeader;

  /** What the metadata say of the ways to prove it; null: nothing. */
  volatile List<String> clientMethods = List.of("client_secret_basic", "client_secret_post");

  /** How a client that did not prove what it is, is refused. */
  volatile int clientRefusal = 401;

  volatile String clientError = "invalid_client";

  /** All requests: path, Authorization header, and form as it was sent. */
  final List<Request> requests = new CopyOnWriteArrayList<>();

  record Request(String path, String authorization, String body) {}

  /** What users type, and whether this issuer says that it takes it. */
  static final String PASSWORD = "correct horse & battery";

  volatile boolean takesPasswords;

  /** Whether users are called by their full name where they type it. */
  volatile boolean fullNames;

  /** Status and error of every password, right or wrong; empty: as it is. */
  volatile String passwordAnswer = "";

  /** What tokens for a password say of how it was proven. */
  volatile Map<String, Object> passwordProof = Map.of("amr", List.of("pwd"));

  /** Claims that are in no ID token, by what the userinfo endpoint says; empty: there is none. */
  volatile Map<String, Object> userInfo = Map.of();

  private final Map<String, User> accessTokens = new HashMap<>();
  private final Set<String> usedAssertions = new HashSet<>();
  private final Clock clock;
  private final Map<String, Object> codes = new HashMap<>(); // State, or the User who completed it
  private final Map<String, User> refreshTokens = new HashMap<>();

  /** Whether a refresh token that comes a second time ends the session (RFC 9700 4.14.2). */
  volatile boolean detectsReuse;

  private RSAKey signing = FIRST;

  Issuer(Clock clock) {
    this.clock = clock;
    add("ada", "Ada");
    add("grace", "Grace");
  }

  private static RSAKey key(String id, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      var pair = generator.generateKeyPair();
      return new RSAKey.Builder((RSAPublicKey) pair.getPublic())
          .privateKey((RSAPrivateKey) pair.getPrivate())
          .keyID(id)
          .algorithm(JWSAlgorithm.RS256)
          .build();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ECKey elliptic(String id) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  void add(String name, String displayName) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("preferred_username", name);
    claims.put("name", displayName);
    claims.put("email", name + "@" + DOMAIN);
    claims.put("email_verified", true);
    claims.put("groups", List.of("staff", "/eng/linux"));
    claims.put("amr", List.of("pwd", "otp"));
    users.put(name, new User(UUID.randomUUID().toString(), claims));
  }

  /** Of the user; replaces it, or removes it when the value is null. */
  void claim(String name, String claim, Object value) {
    User user = users.get(name);
    Map<String, Object> claims = new LinkedHashMap<>(user.claims());
    if (value == null) {
      claims.remove(claim);
    } else {
      claims.put(claim, value);
    }
    users.put(name, new User(user.subject(), claims));
  }

  void rotateKeys() {
    signing = SECOND;
  }

  void complete(String userCode, String name) {
    codes.put(userCode, users.get(name));
  }

  void deny(String userCode) {
    codes.put(userCode, State.DENIED);
  }

  void expire(String userCode) {
    codes.put(userCode, State.EXPIRED);
  }

  /** Ends all sessions. */
  void revoke() {
    refreshTokens.clear();
  }

  long asked(String path) {
    return asked.stream().filter(path::equals).count();
  }

  @Override
  public synchronized HttpReply send(HttpCall call) throws IOException {
    String path = call.uri().getPath();
    asked.add(path);
    byte[] sent = call.body();
    requests.add(
        new Request(
            path,
            authorization(call),
            sent == null ? "" : new String(sent, StandardCharsets.UTF_8)));
    switch (fault) {
      case UNREACHABLE -> throw new ConnectException("refused");
      case BROKEN -> {
        return reply(503, "");
      }
      case THROTTLE_ONCE -> {
        fault = Fault.NONE;
        return reply(429, "");
      }
      case STALL_ONCE -> {
        fault = Fault.NONE;
        stalled = true;
        try {
          TimeUnit.MINUTES.sleep(2);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new InterruptedIOException("interrupted");
        }
      }
      default -> {}
    }
    HttpReply reply;
    try {
      reply = answer(path, form(call), authorization(call));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    if (reply.body().length > call.maxBody()) {
      throw new ProtocolException("a reply larger than " + call.maxBody() + " bytes");
    }
    return reply;
  }

  private HttpReply answer(String path, Map<String, String> form, String authorization)
      throws JOSEException {
    return switch (path) {
      case "/realms/corp/.well-known/openid-configuration" -> metadata();
      case "/keys" -> keys();
      case "/device" -> device(form, authorization);
      case "/token" -> token(form, authorization);
      case "/userinfo" -> userInfo(authorization);
      default -> reply(404, "");
    };
  }

  private HttpReply metadata() {
    if (fault == Fault.REDIRECT_LOOP) {
      return new HttpReply(
          302, Map.of("location", List.of(URL + "/.well-known/openid-configuration")), new byte[0]);
    }
    if (fault == Fault.METADATA_IS_NO_JSON) {
      return reply(200, "<html>");
    }
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("issuer", fault == Fault.CALLS_ITSELF_OTHERWISE ? URL + "/" : URL);
    said.put("authorization_endpoint", "https://id.example/auth");
    said.put(
        "token_endpoint",
        (fault == Fault.TOKEN_ENDPOINT_WITHOUT_TLS ? "http" : "https") + "://id.example/token");
    if (fault != Fault.NO_DEVICE_GRANT) {
      said.put("device_authorization_endpoint", "https://id.example/device");
    }
    said.put("jwks_uri", "https://id.example/keys");
    if (!userInfo.isEmpty() || manner == Manner.OKTA) {
      said.put(
          "userinfo_endpoint",
          (fault == Fault.USERINFO_WITHOUT_TLS ? "http" : "https") + "://id.example/userinfo");
    }
    said.put("response_types_supported", List.of("code"));
    said.put("subject_types_supported", List.of("public"));
    said.put("id_token_signing_alg_values_supported", List.of("RS256"));
    said.put(
        "grant_types_supported",
        takesPasswords ? List.of("password", "refresh_token") : List.of("refresh_token"));
    if (clientMethods != null) {
      said.put("token_endpoint_auth_methods_supported", clientMethods);
    }
    if (fault == Fault.HUGE_METADATA) {
      said.put("padding", "x".repeat(1 << 20));
    }
    return reply(200, JSONObjectUtils.toJSONString(said));
  }

  private HttpReply keys() {
    return switch (fault) {
      case HUGE_KEY_SET -> reply(200, "{\"keys\":[], \"padding\":\"" + "x".repeat(1 << 20) + "\"}");
      case KEY_SET_IS_NO_JSON -> reply(200, "<html>");
      case KEY_SET_REDIRECTS ->
          new HttpReply(302, Map.of("location", List.of("https://evil.example/")), new byte[0]);
      case WEAK_KEY -> reply(200, new JWKSet(WEAK).toString());
      case ELLIPTIC_KEY, SPOILED_ELLIPTIC_SIGNATURE ->
          reply(200, new JWKSet(List.of(FIRST, ELLIPTIC)).toString());
      case NO_KEY_ID_OF_SEVERAL -> reply(200, new JWKSet(List.of(FIRST, SECOND)).toString());
      default -> reply(200, new JWKSet(signing).toString());
    };
  }

  private HttpReply device(Map<String, String> form, String authorization) {
    if (fault == Fault.CLIENT_NOT_ALLOWED) {
      return manner == Manner.OKTA
          ? reply(
              401,
              "{\"errorCode\":\"invalid_client\",\"errorSummary\":\"Invalid value for 'client_id'"
                  + " parameter.\",\"errorLink\":\"invalid_client\",\"errorCauses\":[]}")
          : error(401, "unauthorized_client");
    }
    if (!isClient(form, authorization)) {
      return error(clientRefusal, clientError);
    }
    String code = "CODE-" + codes.size();
    codes.put(code, State.PENDING);
    String shown = fault == Fault.CONTROL_CHARACTERS_IN_CODE ? "A\\u001b[2J" : code;
    return reply(
        200,
        "{\"device_code\":\"device-"
            + code
            + "\",\"user_code\":\""
            + shown
            + "\",\"verification_"
            + (manner == Manner.GOOGLE ? "url" : "uri")
            + "\":\"https://id.example/enter\",\"expires_in\":600,"
            + "\"interval\":5}");
  }

  /** RFC 6749 section 2.3.1. */
  private static String basic(String id, String secret) {
    String both =
        URLEncoder.encode(id, StandardCharsets.UTF_8)
            + ":"
            + URLEncoder.encode(secret, StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }

  /** A public client names itself; another one signs, for each request anew (RFC 7523). */
  private boolean isClient(Map<String, String> form, String authorization) {
    if (!clientSecret.isEmpty()) {
      return secretInHeader
          ? authorization.equals(basic(CLIENT, clientSecret)) && !form.containsKey("client_secret")
          : authorization.isEmpty()
              && CLIENT.equals(form.get("client_id"))
              && clientSecret.equals(form.get("client_secret"));
    }
    if (clientKeys.isEmpty()) {
      return CLIENT.equals(form.get("client_id")) && !form.containsKey("client_assertion");
    }
    try {
      SignedJWT assertion = SignedJWT.parse(form.getOrDefault("client_assertion", ""));
      JWTClaimsSet claims = assertion.getJWTClaimsSet();
      RSAKey key =
          (RSAKey) JWKSet.parse(clientKeys).getKeyByKeyId(assertion.getHeader().getKeyID());
      Instant end = claims.getExpirationTime().toInstant();
      return key != null
          && "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
              .equals(form.get("client_assertion_type"))
          && assertion.verify(new RSASSAVerifier(key))
          && CLIENT.equals(claims.getIssuer())
          && CLIENT.equals(claims.getSubject())
          && claims.getAudience().equals(List.of("https://id.example/token"))
          && end.isAfter(clock.instant())
          && end.isBefore(clock.instant().plusSeconds(90))
          && usedAssertions.add(claims.getJWTID());
    } catch (ParseException | JOSEException e) {
      return false;
    }
  }

  private HttpReply token(Map<String, String> form, String authorization) throws JOSEException {
    if (!isClient(form, authorization)) {
      return error(clientRefusal, clientError);
    }
    boolean google = manner == Manner.GOOGLE;
    if (google && secretDemanded && !form.containsKey("client_secret")) {
      description = "client_secret is missing.";
      return error(400, "invalid_request");
    }
    if ("refresh_token".equals(form.get("grant_type"))) {
      User user = refreshTokens.get(form.get("refresh_token"));
      if (user == null) {
        if (detectsReuse) {
          revoke();
        }
        return error(400, refusal);
      }
      if (fault != Fault.REFRESH_WITHOUT_ROTATION) {
        refreshTokens.remove(form.get("refresh_token"));
      }
      return tokens(current(user));
    }
    if ("password".equals(form.get("grant_type"))) {
      return password(form);
    }
    if (fault == Fault.SLOW_DOWN_ONCE) {
      fault = Fault.NONE;
      return error(google ? 403 : 400, "slow_down");
    }
    String code = String.valueOf(form.get("device_code")).replace("device-", "");
    return switch (codes.getOrDefault(code, State.EXPIRED)) {
      case State.PENDING -> error(google ? 428 : 400, "authorization_pending");
      case State.DENIED -> error(google ? 403 : 400, "access_denied");
      case User user -> tokens(user);
      default -> error(400, "expired_token");
    };
  }

  /** Keycloak's status for a wrong one is 401. */
  private HttpReply password(Map<String, String> form) throws JOSEException {
    if (!passwordAnswer.isEmpty()) {
      return error(Integer.parseInt(passwordAnswer.substring(0, 3)), passwordAnswer.substring(4));
    }
    String suffix = fullNames ? "@" + DOMAIN : "";
    String name = String.valueOf(form.get("username"));
    User user =
        name.endsWith(suffix)
            ? users.get(name.substring(0, name.length() - suffix.length()))
            : null;
    if (user == null || !PASSWORD.equals(form.get("password"))) {
      return error(401, "invalid_grant");
    }
    if (!List.of(form.get("scope").split(" ")).contains("openid")) {
      return error(400, "invalid_scope");
    }
    Map<String, Object> claims = new LinkedHashMap<>(user.claims());
    claims.remove("amr");
    claims.putAll(passwordProof);
    return tokens(new User(user.subject(), claims));
  }

  private HttpReply userInfo(String authorization) {
    User user = accessTokens.get(authorization.replaceFirst("^Bearer ", ""));
    if (user == null || fault == Fault.USERINFO_REFUSES) {
      return reply(401, "");
    }
    if (fault == Fault.USERINFO_IS_NO_JSON) {
      return reply(200, "<html>");
    }
    Map<String, Object> said = new LinkedHashMap<>(userInfo);
    if (manner == Manner.OKTA) {
      said.putAll(user.claims());
      said.remove("amr");
    }
    said.put("sub", fault == Fault.USERINFO_OF_ANOTHER ? "somebody-else" : user.subject());
    return reply(200, JSONObjectUtils.toJSONString(said));
  }

  /** With the claims of now. */
  private User current(User user) {
    return users.values().stream()
        .filter(each -> each.subject().equals(user.subject()))
        .findFirst()
        .orElse(user);
  }

  private HttpReply tokens(User user) throws JOSEException {
    Map<String, Object> said = new LinkedHashMap<>();
    String access = "access-" + UUID.randomUUID();
    accessTokens.put(access, user);
    said.put("access_token", access);
    said.put("token_type", "Bearer");
    if (fault != Fault.NO_ID_TOKEN) {
      said.put("id_token", idToken(user));
    }
    if (fault != Fault.NO_REFRESH_TOKEN && fault != Fault.REFRESH_WITHOUT_ROTATION) {
      String refresh = UUID.randomUUID() + "-" + UUID.randomUUID();
      refreshTokens.put(refresh, user);
      said.put("refresh_token", refresh);
    }
    return reply(200, JSONObjectUtils.toJSONString(said));
  }

  private String idToken(User user) throws JOSEException {
    Instant now = clock.instant();
    Instant issued =
        now.plusSeconds(
            switch (fault) {
              case ISSUED_LATER -> 600;
              case ISSUED_EARLIER -> -600;
              case EXPIRED -> -3600;
              default -> 0;
            });
    JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder();
    user.claims().entrySet().stream()
        .filter(
            each ->
                switch (manner) {
                  case STANDARD -> true;
                  case OKTA -> each.getKey().equals("amr");
                  case GOOGLE -> Set.of("email", "email_verified", "name").contains(each.getKey());
                })
        .forEach(each -> claims.claim(each.getKey(), each.getValue()));
    claims
        .issuer(fault == Fault.WRONG_ISSUER ? "https://evil.example" : URL)
        .audience(
            switch (fault) {
              case WRONG_AUDIENCE -> List.of("another-client");
              case SEVERAL_AUDIENCES -> List.of(CLIENT, "another-client");
              default -> List.of(CLIENT);
            })
        .issueTime(Date.from(issued))
        .expirationTime(Date.from(issued.plusSeconds(fault == Fault.ISSUED_EARLIER ? 3600 : 900)));
    if (fault == Fault.WRONG_PARTY) {
      claims.claim("azp", "another-client");
    }
    if (fault != Fault.NO_SUBJECT) {
      claims.subject(fault == Fault.OTHER_SUBJECT ? "somebody-else" : user.subject());
    }
    switch (fault) {
      case NO_ISSUE_TIME -> claims.issueTime(null);
      case NO_EXPIRY -> claims.expirationTime(null);
      case NO_AUDIENCE -> claims.audience((String) null);
      case NO_ISSUER -> claims.issuer(null);
      case NONCE_THAT_NOBODY_SENT -> claims.claim("nonce", "n-0S6_WzA2Mj");
      case UNKNOWN_CLAIMS -> claims.claim("_claim_names", Map.of("groups", "elsewhere"));
      default -> {}
    }
    if (fault == Fault.ALG_NONE) {
      return new PlainJWT(claims.build()).serialize();
    }
    return signed(claims.build());
  }

  private String signed(JWTClaimsSet claims) throws JOSEException {
    if (fault == Fault.ELLIPTIC_KEY || fault == Fault.SPOILED_ELLIPTIC_SIGNATURE) {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(ELLIPTIC.getKeyID()).build(), claims);
      token.sign(new ECDSASigner(ELLIPTIC));
      return fault == Fault.ELLIPTIC_KEY ? token.serialize() : spoiled(token.serialize());
    }
    JWSAlgorithm algorithm =
        switch (fault) {
          case HMAC_WITH_PUBLIC_KEY -> JWSAlgorithm.HS256;
          case ALGORITHM_OF_ANOTHER_KEY -> JWSAlgorithm.PS256;
          default -> JWSAlgorithm.RS256;
        };
    RSAKey key =
        switch (fault) {
          case SIGNED_BY_ANOTHER_KEY -> ANOTHER;
          case WEAK_KEY -> WEAK;
          default -> signing;
        };
    JWSSigner signer =
        fault == Fault.HMAC_WITH_PUBLIC_KEY
            ? new MACSigner(key.toRSAPublicKey().getEncoded())
            : fault == Fault.WEAK_KEY
                ? new RSASSASigner(key.toRSAPrivateKey(), Set.of(AllowWeakRSAKey.getInstance()))
                : new RSASSASigner(key);
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(algorithm)
                .keyID(
                    switch (fault) {
                      case UNKNOWN_KEY_ID -> "invented";
                      case NO_KEY_ID, NO_KEY_ID_OF_SEVERAL -> null;
                      default -> key.getKeyID();
                    })
                .type(
                    new JOSEObjectType(fault == Fault.ACCESS_TOKEN_AS_ID_TOKEN ? "at+jwt" : "JWT"))
                .build(),
            claims);
    token.sign(signer);
    String text = token.serialize();
    return fault == Fault.SPOILED_SIGNATURE ? spoiled(text) : text;
  }

  private static String spoiled(String text) {
    int middle = text.lastIndexOf('.') + 20;
    char other = text.charAt(middle) == 'A' ? 'B' : 'A';
    return text.substring(0, middle) + other + text.substring(middle + 1);
  }

  private HttpReply error(int status, String code) {
    return reply(
        status, "{\"error\":\"" + code + "\",\"error_description\":\"" + description + "\"}");
  }

  private static HttpReply reply(int status, String body) {
    return new HttpReply(
        status,
        Map.of("content-type", List.of("application/json")),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private static String authorization(HttpCall call) {
    return call.headers().stream()
        .filter(header -> header.getKey().equals("Authorization"))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }

  private static Map<String, String> form(HttpCall call) {
    Map<String, String> values = new HashMap<>();
    byte[] body = call.body();
    for (String pair :
        body == null
            ? List.<String>of()
            : List.of(new String(body, StandardCharsets.UTF_8).split("&", -1))) {
      int at = pair.indexOf('=');
      if (at > 0) {
        values.put(
            pair.substring(0, at),
            URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
      }
    }
    return values;
  }

  /** Names of the requests, for a message. */
  @Override
  public String toString() {
    return new ArrayList<>(asked).toString();
  }
}
