package himmelblau.domain.entra.internal;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Oaep;
import himmelblau.api.secret.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.Cipher;

/** A key in memory. */
public final class TestKey implements Key {
  private static final List<TestKey> MADE = new ArrayList<>();

  private final KeyPair pair;

  public TestKey(KeyPair pair) {
    this.pair = pair;
  }

  /** The same key for the same number, since making one takes long. */
  public static synchronized TestKey made(int number) {
    while (MADE.size() <= number) {
      MADE.add(generate());
    }
    return MADE.get(number);
  }

  public static TestKey generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return new TestKey(generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public KeySpec spec() {
    return KeySpec.RSA_2048;
  }

  @Override
  public PublicKey publicKey() {
    return pair.getPublic();
  }

  @Override
  public byte[] sign(byte[] data) throws KeyStoreUnavailable {
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(pair.getPrivate());
      signature.update(data);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new KeyStoreUnavailable("test key", e);
    }
  }

  @Override
  public Secret decrypt(byte[] ciphertext, Oaep hash) throws KeyRefused {
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
      cipher.init(Cipher.DECRYPT_MODE, pair.getPrivate());
      return Secret.taking(cipher.doFinal(ciphertext));
    } catch (GeneralSecurityException e) {
      throw new KeyRefused("not for this key", e);
    }
  }

  @Override
  public byte[] hmac(byte[] data) {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] seal(Secret plain, String label) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Secret unseal(byte[] sealed, String label) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
