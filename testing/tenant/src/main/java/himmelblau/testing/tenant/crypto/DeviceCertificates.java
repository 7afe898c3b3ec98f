package himmelblau.testing.tenant.crypto;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.UUID;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Issues device certificates under the name that the real service issues them. */
public final class DeviceCertificates {
  private static final String ARC = "1.2.840.113556.1.5.284.";
  private static final X500Name ISSUER =
      new X500Name(
          new RDN[] {
            new RDN(
                new AttributeTypeAndValue[] {
                  part(BCStyle.DC, new DERIA5String("net")),
                  part(BCStyle.DC, new DERIA5String("windows")),
                  part(BCStyle.CN, new DERUTF8String("MS-Organization-Access")),
                  part(BCStyle.OU, new DERUTF8String("82dbaca4-3e81-46ca-9c73-0950c1eaca97"))
                })
          });

  private final KeyPair authority;

  public DeviceCertificates(KeyPair authority) {
    this.authority = authority;
  }

  /** What a certificate says of its device. */
  public record Subject(UUID deviceId, UUID userId, UUID tenantId, boolean joined, String region) {}

  /** Ten years and a little, as recorded from the real service. */
  public X509Certificate issue(PublicKey key, Subject subject, Instant now) {
    try {
      X509v3CertificateBuilder builder =
          new X509v3CertificateBuilder(
              ISSUER,
              new BigInteger(1, SessionJwe.random(16)),
              Date.from(now.minus(30, ChronoUnit.MINUTES)),
              Date.from(now.plus(3650, ChronoUnit.DAYS)),
              new X500Name("CN=" + subject.deviceId()),
              SubjectPublicKeyInfo.getInstance(key.getEncoded()));
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(
          Extension.extendedKeyUsage, true, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
      add(builder, 2, guid(subject.deviceId()));
      add(builder, 3, guid(subject.userId()));
      add(builder, 5, guid(subject.tenantId()));
      add(builder, 8, Encoding.utf8(subject.region()));
      add(builder, 7, Encoding.utf8(subject.joined() ? "1" : "0"));
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withRSA").build(authority.getPrivate())));
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
      throw new IllegalStateException("device certificate cannot be issued", e);
    }
  }

  public boolean issued(X509Certificate certificate) {
    try {
      certificate.verify(authority.getPublic());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  // The service writes the inner OCTET STRING with the long length form: 04 81 LL.
  private static void add(X509v3CertificateBuilder builder, int arc, byte[] value)
      throws CertIOException {
    byte[] encoded =
        ByteBuffer.allocate(3 + value.length)
            .put((byte) 0x04)
            .put((byte) 0x81)
            .put((byte) value.length)
            .put(value)
            .array();
    builder.addExtension(new ASN1ObjectIdentifier(ARC + arc), false, encoded);
  }

  /** Microsoft order: the first three groups little-endian. */
  static byte[] guid(UUID id) {
    long high = id.getMostSignificantBits();
    return ByteBuffer.allocate(16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt((int) (high >>> 32))
        .putShort((short) (high >>> 16))
        .putShort((short) high)
        .order(ByteOrder.BIG_ENDIAN)
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  private static AttributeTypeAndValue part(ASN1ObjectIdentifier type, ASN1Encodable value) {
    return new AttributeTypeAndValue(type, value);
  }
}
