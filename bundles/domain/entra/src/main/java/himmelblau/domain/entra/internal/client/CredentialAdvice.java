package himmelblau.domain.entra.internal.client;

import himmelblau.domain.entra.internal.crypto.Thumbprint;
import himmelblau.domain.entra.internal.wire.AadstsError;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;

/** Explains a refusal of the application and what to do about it. */
final class CredentialAdvice {
  private static final Duration NOTICE = Duration.ofDays(14);
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private CredentialAdvice() {}

  /** One line for an operator. */
  static String of(AadstsError error, Credential credential, String domain, Instant now) {
    String app = "application " + credential.clientId();
    String what = text(error, credential, app, domain, now);
    OptionalInt code = error.code();
    return what + (code.isPresent() ? " (AADSTS" + code.getAsInt() + ")" : "");
  }

  private static String text(
      AadstsError error, Credential credential, String app, String domain, Instant now) {
    if (error.has(700027, 5002723) && credential instanceof CertificateCredential own) {
      return certificate(error, own, app, domain, now);
    }
    if (error.has(7000222)) {
      return "the secret of "
          + app
          + " has expired: create a new one in the registration of the application and store it "
          + "with "
          + cred("secret", credential, domain)
          + " --secret -";
    }
    if (error.has(7000215)) {
      return "the secret of "
          + app
          + " is wrong: store the value of the secret (not its id) with "
          + cred("secret", credential, domain)
          + " --secret -";
    }
    if (error.has(700024)) {
      return app
          + " is refused because of the time in its assertion: correct the clock of this host";
    }
    if (error.has(700016, 70001, 7000112, 7000229)) {
      return "the tenant has no " + app + ", or has disabled it: check the client id";
    }
    if (error.has(90002, 90019, 50059, 50128)) {
      return "the tenant of " + domain + " is not found: check tenant_id";
    }
    return app
        + " is refused: check its registration, and the "
        + credential.kind()
        + " stored here";
  }

  private static String certificate(
      AadstsError error, CertificateCredential credential, String app, String domain, Instant now) {
    String thumbprint = HEX.formatHex(Thumbprint.sha1(credential.certificate()));
    String again = cred("cert", credential, domain) + " --valid-days N --cert-out FILE";
    Instant end = credential.certificate().getNotAfter().toInstant();
    String said = Optional.ofNullable(error.getMessage()).orElse("");
    if (now.isAfter(end) || said.contains("expired")) {
      return "the certificate "
          + thumbprint
          + " of "
          + app
          + " has expired ("
          + end
          + "): create a new one with "
          + again
          + " and upload it";
    }
    return app
        + " does not accept the certificate "
        + thumbprint
        + ": upload the file that aad-tool cred cert wrote, or create a new one with "
        + again;
  }

  /** A certificate that will have to be renewed before long. */
  static Optional<String> endingSoon(Credential credential, String domain, Instant now) {
    if (credential instanceof CertificateCredential own) {
      Instant end = own.certificate().getNotAfter().toInstant();
      if (now.plus(NOTICE).isAfter(end)) {
        return Optional.of(
            "the certificate of application "
                + own.clientId()
                + " expires on "
                + end
                + ": create a new one with "
                + cred("cert", credential, domain)
                + " --valid-days N --cert-out FILE and upload it");
      }
    }
    return Optional.empty();
  }

  private static String cred(String kind, Credential credential, String domain) {
    return "aad-tool cred "
        + kind
        + " --domain "
        + domain
        + " --client-id "
        + credential.clientId();
  }
}
