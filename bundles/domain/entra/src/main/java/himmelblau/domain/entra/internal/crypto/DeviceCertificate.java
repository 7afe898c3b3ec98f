package himmelblau.domain.entra.internal.crypto;

import himmelblau.api.domain.DomainUnavailable;
import java.io.ByteArrayInputStream;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The certificate that the registration service issues.
 *
 * @param deviceId CN of the subject
 * @param der for {@code x5c}
 */
public record DeviceCertificate(UUID deviceId, byte[] der) {
  private static final Pattern SUBJECT = Pattern.compile("(?i)(?:^|,)CN=([0-9a-f-]{36})(?:,|$)");

  /** Checks that {@code der} is a certificate for {@code key} and names a device. */
  public static DeviceCertificate of(byte[] der, PublicKey key) throws DomainUnavailable {
    try {
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(der));
      if (!java.util.Arrays.equals(certificate.getPublicKey().getEncoded(), key.getEncoded())) {
        throw wrong("is for another key");
      }
      Matcher subject = SUBJECT.matcher(certificate.getSubjectX500Principal().getName());
      if (!subject.find()) {
        throw wrong("names no device");
      }
      UUID id = UUID.fromString(subject.group(1).toLowerCase(Locale.ROOT));
      return new DeviceCertificate(id, certificate.getEncoded());
    } catch (CertificateException | IllegalArgumentException e) {
      throw wrong("cannot be read");
    }
  }

  private static DomainUnavailable wrong(String how) {
    return new DomainUnavailable(
        DomainUnavailable.Kind.PROTOCOL, "The device certificate that was issued " + how);
  }
}
