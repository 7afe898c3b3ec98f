package example.filekeys;

import himmelblau.api.hsm.KeySpec;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;

/**
 * A key in the clear.
 *
 * @param secret PKCS#8, or the raw key for HMAC
 * @param open the public half; empty for HMAC
 * @param seal what values are sealed under
 */
record Material(byte[] secret, byte[] open, byte[] seal) implements AutoCloseable {
  static Material generate(KeySpec spec) {
    if (spec == KeySpec.HMAC_SHA256) {
      return new Material(Box.random(64), new byte[0], Box.random(32));
    }
    try {
      boolean rsa = spec == KeySpec.RSA_2048;
      KeyPairGenerator generator = KeyPairGenerator.getInstance(rsa ? "RSA" : "EC");
      generator.initialize(
          rsa
              ? new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4)
              : new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      return new Material(
          pair.getPrivate().getEncoded(), pair.getPublic().getEncoded(), Box.random(32));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java cannot make keys of type " + spec, e);
    }
  }

  byte[] encoded() {
    ByteBuffer bytes = ByteBuffer.allocate(12 + secret.length + open.length + seal.length);
    for (byte[] part : new byte[][] {secret, open, seal}) {
      bytes.putInt(part.length).put(part);
    }
    return bytes.array();
  }

  static Material decoded(byte[] encoded) throws Box.Damaged {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(encoded);
      return new Material(part(bytes), part(bytes), part(bytes));
    } catch (BufferUnderflowException | NegativeArraySizeException e) {
      throw new Box.Damaged(e);
    }
  }

  private static byte[] part(ByteBuffer bytes) {
    byte[] part = new byte[Math.min(bytes.getInt(), bytes.capacity())];
    bytes.get(part);
    return part;
  }

  @Override
  public void close() {
    Box.wipe(secret, seal);
  }
}
