package himmelblau.contract.keystore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.secret.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;

/** Keys created outside of any key store, to be imported. */
record Foreign(KeyPair rsa, KeyPair ec, Secret hmac) implements AutoCloseable {
  static Foreign keys() throws GeneralSecurityException {
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
    ec.initialize(new ECGenParameterSpec("secp256r1"));
    byte[] hmac = new byte[64];
    new SecureRandom().nextBytes(hmac);
    return new Foreign(rsa.generateKeyPair(), ec.generateKeyPair(), Secret.taking(hmac));
  }

  Secret material(KeySpec spec) {
    return switch (spec) {
      case RSA_2048 -> Secret.taking(rsa.getPrivate().getEncoded());
      case EC_P256 -> Secret.taking(ec.getPrivate().getEncoded());
      case HMAC_SHA256 -> hmac;
    };
  }

  /** That {@code key} is the very same key. */
  void check(Key key) throws Exception {
    byte[] data = {1, 2, 3};
    switch (key.spec()) {
      case RSA_2048 -> {
        assertArrayEquals(rsa.getPublic().getEncoded(), key.publicKey().getEncoded());
        assertTrue(Jca.verifies(KeySpec.RSA_2048, rsa.getPublic(), data, key.sign(data)));
      }
      case EC_P256 -> {
        assertArrayEquals(ec.getPublic().getEncoded(), key.publicKey().getEncoded());
        assertTrue(Jca.verifies(KeySpec.EC_P256, ec.getPublic(), data, key.sign(data)));
      }
      case HMAC_SHA256 -> assertArrayEquals(Jca.hmac(hmac.copyBytes(), data), key.hmac(data));
    }
  }

  @Override
  public void close() {
    hmac.close();
  }
}
