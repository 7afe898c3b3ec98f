package himmelblau.domain.entra.internal.client;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyStoreUnavailable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.RuntimeOperatorException;

/** Creates a self-signed certificate for a key of a key store. */
public final class SelfSigned {
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

  private SelfSigned() {}

  /** RS256, serial number 1, subject and issuer {@code CN=<name>}. */
  static X509Certificate certificate(Key key, String name, int days) throws KeyStoreUnavailable {
    var subject = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
    Instant now = Instant.now();
    X509v3CertificateBuilder builder =
        new X509v3CertificateBuilder(
            subject,
            BigInteger.ONE,
            Date.from(now.minus(CLOCKS_DIFFER)),
            Date.from(now.plus(Duration.ofDays(days))),
            subject,
            SubjectPublicKeyInfo.getInstance(key.publicKey().getEncoded()));
    try {
      byte[] der = builder.build(new KeySigner(key)).getEncoded();
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (RuntimeOperatorException e) {
      if (e.getCause() instanceof KeyStoreUnavailable unavailable) {
        throw unavailable;
      }
      throw e;
    } catch (IOException | CertificateException e) {
      throw new IllegalStateException("The certificate cannot be encoded", e);
    }
  }

  /** RFC 7468. */
  public static String pem(X509Certificate certificate) throws CertificateEncodingException {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
        + "\n-----END CERTIFICATE-----";
  }

  private record KeySigner(Key key, ByteArrayOutputStream content) implements ContentSigner {
    KeySigner(Key key) {
      this(key, new ByteArrayOutputStream());
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      return new AlgorithmIdentifier(
          PKCSObjectIdentifiers.sha256WithRSAEncryption, DERNull.INSTANCE);
    }

    @Override
    public OutputStream getOutputStream() {
      return content;
    }

    @Override
    public byte[] getSignature() {
      try {
        return key.sign(content.toByteArray());
      } catch (KeyStoreUnavailable e) {
        throw new RuntimeOperatorException("The key cannot sign", e);
      }
    }
  }
}
