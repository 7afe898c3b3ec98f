package himmelblau.testing.tenant.crypto;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;

/** {@code BCRYPT_RSAKEY_BLOB}, public form: how transport and Hello keys travel. */
public final class RsaBlob {
  private static final int MAGIC = 0x31415352; // "RSA1", little-endian

  private RsaBlob() {}

  /**
   * Reads a public key blob.
   *
   * @throws IllegalArgumentException for anything but an RSA public key of 2048 to 4096 bits with
   *     no prime data and no stray bytes
   */
  public static RSAPublicKey parse(byte[] blob) {
    if (blob.length < 24) {
      throw new IllegalArgumentException("key blob is too short");
    }
    ByteBuffer in = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
    int magic = in.getInt();
    int bits = in.getInt();
    int exponentLength = in.getInt();
    int modulusLength = in.getInt();
    if (magic != MAGIC || in.getInt() != 0 || in.getInt() != 0) {
      throw new IllegalArgumentException("not an RSA1 public key blob");
    }
    if (exponentLength < 1
        || exponentLength > 8
        || modulusLength * 8 != bits
        || bits < 2048
        || bits > 4096
        || blob.length != 24 + exponentLength + modulusLength) {
      throw new IllegalArgumentException("key blob lengths do not add up");
    }
    byte[] exponent = new byte[exponentLength];
    byte[] modulus = new byte[modulusLength];
    in.get(exponent).get(modulus);
    return key(new BigInteger(1, modulus), new BigInteger(1, exponent));
  }

  /** Reads either the blob or, as other platforms send it, a JWK; both base64. */
  public static RSAPublicKey parseTransportKey(String base64) {
    byte[] bytes = Encoding.decode(base64);
    if (bytes.length > 0 && bytes[0] == '{') {
      try {
        JsonObject jwk =
            JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8)).getAsJsonObject();
        return key(
            new BigInteger(1, Encoding.decode(jwk.get("n").getAsString())),
            new BigInteger(1, Encoding.decode(jwk.get("e").getAsString())));
      } catch (RuntimeException e) {
        throw new IllegalArgumentException("not an RSA JWK", e);
      }
    }
    return parse(bytes);
  }

  public static byte[] of(RSAPublicKey key) {
    byte[] exponent = unsigned(key.getPublicExponent());
    byte[] modulus = unsigned(key.getModulus());
    return ByteBuffer.allocate(24 + exponent.length + modulus.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(MAGIC)
        .putInt(modulus.length * 8)
        .putInt(exponent.length)
        .putInt(modulus.length)
        .putInt(0)
        .putInt(0)
        .put(exponent)
        .put(modulus)
        .array();
  }

  /** The {@code kid} of an assertion: base64 with padding of SHA-256 over the blob. */
  public static String keyId(byte[] blob) {
    return Encoding.b64(Encoding.sha256(blob));
  }

  private static RSAPublicKey key(BigInteger modulus, BigInteger exponent) {
    try {
      return (RSAPublicKey)
          KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not an RSA public key", e);
    }
  }

  private static byte[] unsigned(BigInteger value) {
    byte[] bytes = value.toByteArray();
    return bytes[0] == 0 ? java.util.Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }
}
