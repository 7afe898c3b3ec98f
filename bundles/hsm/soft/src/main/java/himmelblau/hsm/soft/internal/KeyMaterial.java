package himmelblau.hsm.soft.internal;

import himmelblau.api.hsm.KeySpec;
import himmelblau.hsm.envelope.BlobFrame;
import himmelblau.hsm.envelope.Box;
import himmelblau.hsm.envelope.P256;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;

/**
 * The secret parts of a key in plaintext.
 *
 * @param secret PKCS#8, or the raw key for HMAC
 * @param open the public half as X.509 SubjectPublicKeyInfo; empty for HMAC
 * @param seal 32 bytes that values are sealed under
 */
record KeyMaterial(KeySpec spec, byte[] secret, byte[] open, byte[] seal) implements AutoCloseable {
  private static final int HMAC_BYTES = 64;

  static KeyMaterial generate(KeySpec spec) {
    if (spec == KeySpec.HMAC_SHA256) {
      return new KeyMaterial(spec, Box.random(HMAC_BYTES), new byte[0], Box.random(32));
    }
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm(spec));
      generator.initialize(
          spec == KeySpec.RSA_2048
              ? new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4)
              : new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      return new KeyMaterial(
          spec, pair.getPrivate().getEncoded(), pair.getPublic().getEncoded(), Box.random(32));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java runtime cannot make keys of type " + spec, e);
    }
  }

  /**
   * An imported key. Takes over {@code secret}.
   *
   * @throws IllegalArgumentException if it is not a key of that kind
   */
  static KeyMaterial of(KeySpec spec, byte[] secret) {
    boolean good = false;
    try {
      byte[] open = spec == KeySpec.HMAC_SHA256 ? new byte[0] : publicOf(spec, secret).getEncoded();
      good = true;
      return new KeyMaterial(spec, secret, open, Box.random(32));
    } catch (GeneralSecurityException | ClassCastException e) {
      throw new IllegalArgumentException("This is not a private key of type " + spec, e);
    } finally {
      if (!good) {
        BlobFrame.wipe(secret);
      }
    }
  }

  private static PublicKey publicOf(KeySpec spec, byte[] pkcs8) throws GeneralSecurityException {
    KeyFactory factory = KeyFactory.getInstance(algorithm(spec));
    PrivateKey key = factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    if (spec == KeySpec.RSA_2048) {
      RSAPrivateCrtKey rsa = (RSAPrivateCrtKey) key;
      if (rsa.getModulus().bitLength() != 2048) {
        throw new IllegalArgumentException("RSA keys have 2048 bits here");
      }
      return factory.generatePublic(
          new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
    }
    BigInteger scalar = ((ECPrivateKey) key).getS();
    return factory.generatePublic(new X509EncodedKeySpec(P256.publicKeyInfo(scalar)));
  }

  PrivateKey privateKey() throws GeneralSecurityException {
    return KeyFactory.getInstance(algorithm(spec)).generatePrivate(new PKCS8EncodedKeySpec(secret));
  }

  PublicKey publicKey() throws GeneralSecurityException {
    return KeyFactory.getInstance(algorithm(spec)).generatePublic(new X509EncodedKeySpec(open));
  }

  private static String algorithm(KeySpec spec) {
    return spec == KeySpec.RSA_2048 ? "RSA" : "EC";
  }

  /** Wipes the secret parts. */
  @Override
  public void close() {
    BlobFrame.wipe(secret, seal);
  }
}
