package himmelblau.domain.entra.internal.crypto;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;

/** The format in which the directory expects public keys: BCRYPT_RSAKEY_BLOB of Windows CNG. */
public final class RsaBlob {
  private static final int MAGIC = 0x31415352; // "RSA1", little-endian

  private RsaBlob() {}

  public static byte[] of(PublicKey key) {
    if (!(key instanceof RSAPublicKey rsa)) {
      throw new IllegalArgumentException("Only RSA keys have this form");
    }
    byte[] exponent = unsigned(rsa.getPublicExponent());
    byte[] modulus = unsigned(rsa.getModulus());
    return ByteBuffer.allocate(24 + exponent.length + modulus.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(MAGIC)
        .putInt(rsa.getModulus().bitLength())
        .putInt(exponent.length)
        .putInt(modulus.length)
        .putInt(0) // no primes: the service refuses them
        .putInt(0)
        .put(exponent)
        .put(modulus)
        .array();
  }

  /** How a Hello key is named in assertions. */
  public static String kid(PublicKey key) {
    return Base64s.standard(Digests.sha256().digest(of(key)));
  }

  private static byte[] unsigned(BigInteger value) {
    byte[] bytes = value.toByteArray();
    if (bytes[0] != 0) {
      return bytes;
    }
    byte[] shorter = new byte[bytes.length - 1];
    System.arraycopy(bytes, 1, shorter, 0, shorter.length);
    return shorter;
  }
}
