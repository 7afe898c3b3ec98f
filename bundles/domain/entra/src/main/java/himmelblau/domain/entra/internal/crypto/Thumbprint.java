package himmelblau.domain.entra.internal.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;

/** The thumbprint by which the directory identifies a certificate. */
public final class Thumbprint {
  private Thumbprint() {}

  /** SHA-1 of the DER form, for {@code x5t} and portals: a name, nothing rests on its strength. */
  public static byte[] sha1(X509Certificate certificate) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(certificate.getEncoded());
    } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
      throw new IllegalStateException("A certificate that was read can be written", e);
    }
  }
}
