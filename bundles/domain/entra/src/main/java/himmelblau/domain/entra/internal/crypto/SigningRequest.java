package himmelblau.domain.entra.internal.crypto;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyStoreUnavailable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.RuntimeOperatorException;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;

/** The certificate request of a device ([MS-DVRJ] 3.1.5.1.1.1). */
public final class SigningRequest {
  /** A literal: the directory chooses the subject. */
  private static final X500Name SUBJECT = new X500Name("CN=7E980AD9-B86D-4306-9425-9AC066FB014A");

  private SigningRequest() {}

  /** PKCS#10 in DER, signed by {@code key}. */
  public static byte[] of(Key key) throws KeyStoreUnavailable {
    SubjectPublicKeyInfo subject = SubjectPublicKeyInfo.getInstance(key.publicKey().getEncoded());
    try {
      return new PKCS10CertificationRequestBuilder(SUBJECT, subject)
          .build(new Signer(key))
          .getEncoded();
    } catch (RuntimeOperatorException e) {
      if (e.getCause() instanceof KeyStoreUnavailable unavailable) {
        throw unavailable;
      }
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e); // encoding to memory
    }
  }

  private static final class Signer implements ContentSigner {
    private static final ASN1ObjectIdentifier RS256 = PKCSObjectIdentifiers.sha256WithRSAEncryption;

    private final Key key;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    Signer(Key key) {
      this.key = key;
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      return new AlgorithmIdentifier(RS256, DERNull.INSTANCE);
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
        throw new RuntimeOperatorException("The device key cannot sign", e);
      }
    }
  }
}
