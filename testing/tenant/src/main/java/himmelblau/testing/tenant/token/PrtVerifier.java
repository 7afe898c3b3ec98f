package himmelblau.testing.tenant.token;

import com.google.gson.JsonElement;
import himmelblau.testing.tenant.crypto.DeviceCertificates;
import himmelblau.testing.tenant.crypto.Encoding;
import himmelblau.testing.tenant.crypto.Jws;
import himmelblau.testing.tenant.directory.Device;
import himmelblau.testing.tenant.directory.Settings;
import himmelblau.testing.tenant.web.Refusal;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Checks what a device or a PRT signed: first the nonce, then the signature, then the objects that
 * it refers to.
 */
public final class PrtVerifier {
  private static final int IAT_TOLERANCE_SECONDS = 300;

  private final Supplier<DeviceCertificates> certificates;
  private final Grants grants;
  private final TokenPolicy policy;
  private final Nonces nonces;
  private final Settings settings;
  private final TenantClock clock;

  public PrtVerifier(
      Supplier<DeviceCertificates> certificates,
      Grants grants,
      TokenPolicy policy,
      Nonces nonces,
      Settings settings,
      TenantClock clock) {
    this.certificates = certificates;
    this.grants = grants;
    this.policy = policy;
    this.nonces = nonces;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * The device behind a JWT that is signed with a device key.
   *
   * @throws Refusal 140000, 50013, 50155 or 135011
   */
  public Device device(Jws jwt) {
    requireNonce(jwt, "request_nonce");
    X509Certificate certificate = certificate(jwt);
    if (!certificates.get().issued(certificate)) {
      throw Refusal.aadsts(
          50013,
          "Assertion failed signature validation: the certificate was not"
              + " issued by the device registration service.");
    }
    Instant now = clock.now();
    if (now.isBefore(certificate.getNotBefore().toInstant())
        || now.isAfter(certificate.getNotAfter().toInstant())) {
      throw Refusal.aadsts(
          50155,
          "Device authentication failed: the device certificate is not" + " within its validity.");
    }
    Device device = policy.device(deviceId(certificate));
    // The stored key decides, not the one that the certificate in the header happens to hold.
    if (!jwt.verifiesRs256(device.key())) {
      throw Refusal.aadsts(50013);
    }
    return device;
  }

  /**
   * The PRT behind a JWT that is signed with its session key.
   *
   * @param iatSuffices whether a young {@code iat} may replace a nonce, as in SSO cookies
   * @throws Refusal 140000, 140001, 70000, 70008, 50173, 50155, 135011, 5000611
   */
  public Grants.Prt prt(Jws jwt, boolean iatSuffices) {
    boolean young =
        iatSuffices
            && jwt.claim("request_nonce").isEmpty()
            && jwt.time("iat")
                .map(iat -> Math.abs(clock.now().getEpochSecond() - iat) <= IAT_TOLERANCE_SECONDS)
                .orElse(false);
    if (!young) {
      requireNonce(jwt, "request_nonce");
    }
    Grants.Prt prt =
        jwt.claim("refresh_token").flatMap(grants::prt).orElseThrow(() -> Refusal.aadsts(70000));
    if (jwt.kdfVersion() == 1 && !settings.on("kdf-v1")) {
      throw Refusal.aadsts(5000611);
    }
    if (!jwt.verifiesSession(prt.sessionKey())) {
      throw Refusal.aadsts(140001);
    }
    if (clock.now().isAfter(prt.expires())) {
      throw Refusal.aadsts(70008);
    }
    policy.user(prt.proof(), prt.issued());
    return prt;
  }

  /** Demands a nonce of ours that is young and unused; it is not used up yet. */
  public void requireNonce(Jws jwt, String claim) {
    if (!nonces.valid(jwt.claim(claim).orElse(""))) {
      throw Refusal.aadsts(140000);
    }
  }

  /** Whatever the JWT asked for was given; its nonce is spent. */
  public void spend(Jws jwt) {
    jwt.claim("request_nonce").ifPresent(nonces::use);
  }

  private static X509Certificate certificate(Jws jwt) {
    JsonElement x5c = jwt.header().get("x5c");
    Optional<String> encoded = Optional.empty();
    if (x5c != null && x5c.isJsonArray() && !x5c.getAsJsonArray().isEmpty()) {
      encoded = Optional.of(x5c.getAsJsonArray().get(0).getAsString());
    } else if (x5c != null && x5c.isJsonPrimitive()) {
      encoded = Optional.of(x5c.getAsString());
    }
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(
                      Encoding.decode(encoded.orElseThrow(() -> Refusal.aadsts(50097)))));
    } catch (CertificateException | IllegalArgumentException e) {
      throw Refusal.aadsts(50013, "The certificate in the header is unreadable.");
    }
  }

  /** The device id that a device certificate is for: its common name. */
  public static UUID deviceId(X509Certificate certificate) {
    String name = certificate.getSubjectX500Principal().getName();
    try {
      return UUID.fromString(name.replaceFirst("^CN=", ""));
    } catch (IllegalArgumentException e) {
      throw Refusal.aadsts(50155);
    }
  }
}
