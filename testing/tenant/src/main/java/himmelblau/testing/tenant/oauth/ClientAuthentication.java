package himmelblau.testing.tenant.oauth;

import himmelblau.testing.tenant.crypto.Encoding;
import himmelblau.testing.tenant.crypto.Jws;
import himmelblau.testing.tenant.directory.App;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.web.Forms;
import himmelblau.testing.tenant.web.Refusal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Proof that a confidential client is who it says: a secret, or a JWT signed with a certificate.
 */
public final class ClientAuthentication {
  private static final String ASSERTION_TYPE =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  private static final int LONGEST_ASSERTION_SECONDS = 24 * 3600;

  private final Directory directory;
  private final TenantClock clock;
  private final Set<String> usedIds = ConcurrentHashMap.newKeySet();

  public ClientAuthentication(Directory directory, TenantClock clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /** Checks what was sent, if something was; public clients send nothing. */
  void verifyIfOffered(TokenEndpoint.Call call, App app) {
    if (!call.get("client_secret").isEmpty()
        || !call.get("client_assertion").isEmpty()
        || basic(call).isPresent()) {
      verify(call, app);
    }
  }

  /** Demands a secret or an assertion that holds. */
  void verify(TokenEndpoint.Call call, App app) {
    Optional<String> secret =
        call.get("client_secret").isEmpty() ? basic(call) : Optional.of(call.get("client_secret"));
    if (secret.isPresent()) {
      secret(app, secret.get());
    } else if (!call.get("client_assertion").isEmpty()) {
      assertion(call, app);
    } else {
      throw Refusal.aadsts(7000218);
    }
  }

  private void secret(App app, String given) {
    App.Secret secret =
        app.secrets().stream()
            .filter(one -> MessageDigest.isEqual(Encoding.utf8(one.value()), Encoding.utf8(given)))
            .findFirst()
            .orElseThrow(
                () ->
                    Refusal.aadsts(
                        7000215,
                        "Invalid client secret provided. Ensure the secret being sent in the"
                            + " request is the client secret value, not the client secret ID, for a"
                            + " secret added to app '"
                            + app.clientId()
                            + "'."));
    if (clock.now().isAfter(secret.expires())) {
      throw Refusal.aadsts(7000222);
    }
  }

  private void assertion(TokenEndpoint.Call call, App app) {
    if (!call.get("client_assertion_type").equals(ASSERTION_TYPE)) {
      throw Refusal.aadsts(70002, "The client_assertion_type is not supported.");
    }
    Jws jwt;
    try {
      jwt = Jws.parse(call.get("client_assertion"));
    } catch (IllegalArgumentException e) {
      throw Refusal.aadsts(50013).as("invalid_client").withStatus(401);
    }
    String id = app.clientId().toString();
    if (!jwt.claim("iss").equals(Optional.of(id)) || !jwt.claim("sub").equals(Optional.of(id))) {
      throw Refusal.aadsts(700027, "Client assertion is for another application.");
    }
    X509Certificate certificate =
        app.certificates().stream()
            .filter(one -> named(jwt, one))
            .findFirst()
            .orElseThrow(
                () ->
                    Refusal.aadsts(
                        700027,
                        "The certificate with identifier used to sign the client assertion is not"
                            + " registered on application. [Reason - The key was not found.]"));
    if (!jwt.verifiesRsa(certificate.getPublicKey())) {
      throw Refusal.aadsts(700027);
    }
    Instant now = clock.now();
    if (now.isAfter(certificate.getNotAfter().toInstant())
        || now.isBefore(certificate.getNotBefore().toInstant())) {
      throw Refusal.aadsts(
          700027,
          "Client assertion failed signature validation. [Reason - The certificate is outside its"
              + " validity.]");
    }
    long expires = jwt.time("exp").orElse(0L);
    if (expires <= now.getEpochSecond()
        || expires > now.getEpochSecond() + LONGEST_ASSERTION_SECONDS
        || jwt.time("nbf").orElse(0L) > now.getEpochSecond() + 300) {
      throw Refusal.aadsts(700024);
    }
    if (!audience(call, jwt)) {
      throw Refusal.aadsts(700027, "Client assertion audience claim does not match the endpoint.");
    }
    if (jwt.claim("jti").filter(jti -> !usedIds.add(id + jti)).isPresent()) {
      throw Refusal.aadsts(700027, "Client assertion was used before.");
    }
  }

  private boolean audience(TokenEndpoint.Call call, Jws jwt) {
    String audience = jwt.claim("aud").orElse("");
    String posted = call.request().origin() + call.request().path();
    return audience.equalsIgnoreCase(posted)
        || directory
            .tenant(call.tenant())
            .map(
                tenant ->
                    audience.equalsIgnoreCase(
                            call.request().origin() + "/" + tenant.id() + "/oauth2/v2.0/token")
                        || audience.equalsIgnoreCase(
                            call.request().origin() + "/" + tenant.id() + "/oauth2/token")
                        || audience.equalsIgnoreCase(
                            call.request().origin() + "/" + tenant.id() + "/v2.0"))
            .orElse(false);
  }

  /** By SHA-1 or SHA-256 thumbprint, padded or not. */
  private static boolean named(Jws jwt, X509Certificate certificate) {
    try {
      byte[] der = certificate.getEncoded();
      return matches(jwt.headerText("x5t"), Encoding.sha1(der))
          || matches(jwt.headerText("x5t#S256"), Encoding.sha256(der));
    } catch (CertificateEncodingException e) {
      return false;
    }
  }

  private static boolean matches(Optional<String> header, byte[] thumbprint) {
    try {
      return header.isPresent() && Arrays.equals(Encoding.decode(header.get()), thumbprint);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Optional<String> basic(TokenEndpoint.Call call) {
    return call.request()
        .header("authorization")
        .filter(value -> value.startsWith("Basic "))
        .map(value -> new String(Encoding.decode(value.substring(6)), StandardCharsets.UTF_8))
        .map(pair -> Forms.decode(pair.substring(pair.indexOf(':') + 1)));
  }
}
