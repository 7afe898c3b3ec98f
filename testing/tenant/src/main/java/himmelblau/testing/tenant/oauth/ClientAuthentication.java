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

/** Authentication of a confidential client: by a secret, or by a JWT signed with a certificate. */
public final class ClientAuthentication {
  private static final String ASSERTION_TYPE =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  private static final int LONGEST_ASSERTION_SECONDS = 24 * 3600;
  private static final int CLOCKS_DIFFER_SECONDS = 300;

  private final Directory directory;
  private final TenantClock clock;

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
      throw Refusal.aadsts(50027);
    }
    if (!jwt.algorithm().equals("RS256") && !jwt.algorithm().equals("PS256")) {
      throw Refusal.aadsts(5002738);
    }
    if (jwt.headerText("x5t").isEmpty() && jwt.headerText("x5t#S256").isEmpty()) {
      throw Refusal.aadsts(5002723);
    }
    String id = app.clientId().toString();
    if (!jwt.claim("iss").equals(Optional.of(id)) || !jwt.claim("sub").equals(Optional.of(id))) {
      throw Refusal.aadsts(700021);
    }
    X509Certificate certificate =
        app.certificates().stream()
            .filter(one -> named(jwt, one))
            .findFirst()
            .orElseThrow(() -> invalid("The key was not found.", jwt));
    if (!jwt.verifiesRsa(certificate.getPublicKey())) {
      throw invalid(
          "The provided signature value did not match the expected signature value.", jwt);
    }
    Instant now = clock.now();
    if (now.isAfter(certificate.getNotAfter().toInstant())) {
      throw invalid("The key used is expired.", jwt);
    }
    if (now.isBefore(certificate.getNotBefore().toInstant())) {
      throw invalid("The key used is not valid yet.", jwt);
    }
    long expires = jwt.time("exp").orElse(0L);
    if (expires <= now.getEpochSecond()
        || expires > now.getEpochSecond() + LONGEST_ASSERTION_SECONDS
        || jwt.time("nbf").orElse(0L) > now.getEpochSecond() + CLOCKS_DIFFER_SECONDS) {
      throw Refusal.aadsts(700024);
    }
    // The jti is not remembered: MSAL for Python sends one assertion as often as it likes to.
    if (!audience(call, jwt)) {
      throw Refusal.aadsts(700023);
    }
  }

  private static Refusal invalid(String reason, Jws jwt) {
    String thumbprint = jwt.headerText("x5t").or(() -> jwt.headerText("x5t#S256")).orElse("");
    return Refusal.aadsts(
        700027,
        "Client assertion contains an invalid signature. [Reason - "
            + reason
            + ", Thumbprint of key used by client: '"
            + thumbprint.replaceAll("[^A-Za-z0-9_-]", "")
            + "']");
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
