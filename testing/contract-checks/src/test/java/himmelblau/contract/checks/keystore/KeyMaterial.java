package himmelblau.contract.checks.keystore;

import himmelblau.api.hsm.KeySpec;
import himmelblau.api.secret.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Optional;

/** A key pair, or the bytes of an HMAC key. */
record KeyMaterial(Optional<KeyPair> pair, byte[] hmac) {
  static KeyMaterial generate(KeySpec spec, int rsaBits) {
    try {
      switch (spec) {
        case RSA_2048 -> {
          KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
          rsa.initialize(rsaBits);
          return of(rsa.generateKeyPair());
        }
        case EC_P256 -> {
          KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
          ec.initialize(new ECGenParameterSpec("secp256r1"));
          return of(ec.generateKeyPair());
        }
        default -> {
          byte[] bytes = new byte[64];
          new SecureRandom().nextBytes(bytes);
          return new KeyMaterial(Optional.empty(), bytes);
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An imported key of type RSA or HMAC. */
  static KeyMaterial of(KeySpec spec, Secret material) {
    if (spec == KeySpec.HMAC_SHA256) {
      return new KeyMaterial(Optional.empty(), material.copyBytes());
    }
    try {
      KeyFactory factory = KeyFactory.getInstance("RSA");
      RSAPrivateCrtKey key =
          (RSAPrivateCrtKey) factory.generatePrivate(new PKCS8EncodedKeySpec(material.copyBytes()));
      return of(
          new KeyPair(
              factory.generatePublic(
                  new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent())),
              key));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static KeyMaterial of(KeyPair pair) {
    return new KeyMaterial(Optional.of(pair), new byte[0]);
  }

  Secret exported() {
    return Secret.copyOf(pair.map(both -> both.getPrivate().getEncoded()).orElse(hmac));
  }
}
