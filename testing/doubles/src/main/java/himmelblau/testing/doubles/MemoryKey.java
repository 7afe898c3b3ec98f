package himmelblau.testing.doubles;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Oaep;
import himmelblau.api.secret.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key in memory that hides nothing: it signs and decrypts with a real key pair, and what it seals
 * stays readable, behind a head that is its own.
 */
public final class MemoryKey implements Key {
  private static final List<KeyPair> MADE = new ArrayList<>();

  private final int number;
  private final KeySpec spec;
  private final Supplier<KeyPair> pair;

  MemoryKey(int number, KeySpec spec, Supplier<KeyPair> pair) {
    this.number = number;
    this.spec = spec;
    this.pair = pair;
  }

  public MemoryKey(KeyPair pair) {
    this(0, KeySpec.RSA_2048, () -> pair);
  }

  /** The same key for the same number, since making one takes long. */
  public static MemoryKey made(int number) {
    return new MemoryKey(madePair(number));
  }

  public static MemoryKey generate() {
    return new MemoryKey(generatePair());
  }

  static KeyPair madePair(int number) {
    synchronized (MADE) {
      while (MADE.size() <= number) {
        MADE.add(generatePair());
      }
      return MADE.get(number);
    }
  }

  private static KeyPair generatePair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public KeySpec spec() {
    return spec;
  }

  @Override
  public PublicKey publicKey() {
    return pair.get().getPublic();
  }

  @Override
  public byte[] sign(byte[] data) throws KeyStoreUnavailable {
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(pair.get().getPrivate());
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
      cipher.init(Cipher.DECRYPT_MODE, pair.get().getPrivate());
      return Secret.taking(cipher.doFinal(ciphertext));
    } catch (GeneralSecurityException e) {
      throw new KeyRefused("not for this key", e);
    }
  }

  @Override
  public byte[] hmac(byte[] data) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(new byte[] {(byte) number}, "HmacSHA256"));
      return mac.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public byte[] seal(Secret plain, String label) {
    byte[] head = head(label);
    byte[] body = plain.copyBytes();
    return ByteBuffer.allocate(head.length + body.length).put(head).put(body).array();
  }

  @Override
  public Secret unseal(byte[] sealed, String label) throws KeyRefused {
    byte[] head = head(label);
    if (!Arrays.equals(head, Arrays.copyOf(sealed, head.length))) {
      throw new KeyRefused("other key or label");
    }
    return Secret.taking(Arrays.copyOfRange(sealed, head.length, sealed.length));
  }

  private byte[] head(String label) {
    return (number + ":" + label + ":").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {}
}
