package himmelblau.hsm.pkcs11.internal;

import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.hsm.envelope.Box;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Creates key pairs in a token. The JDK finds them again by the certificate that is stored with
 * them.
 */
final class TokenKeys {
  private TokenKeys() {}

  /** What was made: its label, and the public half as SubjectPublicKeyInfo. */
  record Made(byte[] label, byte[] publicKey) {}

  static Made make(Token token, KeySpec spec) throws KeyStoreUnavailable {
    String label = "himmelblau-" + HexFormat.of().formatHex(Box.random(16));
    return token.change(
        (provider, keyStore) -> {
          boolean rsa = spec == KeySpec.RSA_2048;
          KeyPairGenerator generator = KeyPairGenerator.getInstance(rsa ? "RSA" : "EC", provider);
          if (rsa) {
            generator.initialize(2048);
          } else {
            generator.initialize(new ECGenParameterSpec("secp256r1"));
          }
          KeyPair pair = generator.generateKeyPair();
          keyStore.setKeyEntry(
              label,
              pair.getPrivate(),
              null,
              new Certificate[] {
                certificate(provider, pair, label, rsa ? "SHA256withRSA" : "SHA256withECDSA")
              });
          return new Made(label.getBytes(StandardCharsets.UTF_8), pair.getPublic().getEncoded());
        });
  }

  private static Certificate certificate(
      Provider provider, KeyPair pair, String label, String algorithm)
      throws GeneralSecurityException {
    X500Name name = new X500Name("CN=" + label);
    try {
      byte[] der =
          new X509v3CertificateBuilder(
                  name,
                  BigInteger.ONE,
                  Date.from(Instant.EPOCH),
                  Date.from(Instant.parse("9999-12-31T23:59:59Z")),
                  name,
                  SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()))
              .build(
                  new JcaContentSignerBuilder(algorithm)
                      .setProvider(provider)
                      .build(pair.getPrivate()))
              .getEncoded();
      return CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(der));
    } catch (IOException | OperatorCreationException e) {
      throw new CertificateException("The label's certificate cannot be made", e);
    }
  }
}
