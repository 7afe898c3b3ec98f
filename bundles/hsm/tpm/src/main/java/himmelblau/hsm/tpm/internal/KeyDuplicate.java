package himmelblau.hsm.tpm.internal;

import himmelblau.api.hsm.KeySpec;
import himmelblau.api.secret.Secret;
import himmelblau.hsm.envelope.BlobFrame;
import himmelblau.hsm.envelope.Box;
import himmelblau.hsm.envelope.P256;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A private key in the format in which a TPM imports it: a duplicate under an inner wrapper (TCG
 * TPM 2.0 part 1, 23.3.2). The wrapper's key is sent through the encrypted session, so that the
 * private key is never in plaintext on the bus.
 */
final class KeyDuplicate implements AutoCloseable {
  private final int type;
  private final byte[] seed;
  private final byte[] sensitive;
  private final byte[] publicArea;
  private final byte[] wrapper = Box.random(16);

  private KeyDuplicate(int type, byte[] seed, byte[] sensitive, byte[] publicArea) {
    this.type = type;
    this.seed = seed;
    this.sensitive = sensitive;
    this.publicArea = publicArea;
  }

  /**
   * Prepares it.
   *
   * @param material as {@link himmelblau.api.hsm.Machine#importKey} has it; borrowed
   * @throws IllegalArgumentException if it is not such a key
   */
  static KeyDuplicate of(KeySpec spec, Secret material, boolean guarded) {
    byte[] bytes = material.copyBytes();
    try {
      return switch (spec) {
        case RSA_2048 -> {
          RSAPrivateCrtKey key = (RSAPrivateCrtKey) privateKey("RSA", bytes);
          if (key.getModulus().bitLength() != 2048 || key.getPublicExponent().intValue() != 65537) {
            throw new IllegalArgumentException("RSA keys have 2048 bits and e = 65537 here");
          }
          yield new KeyDuplicate(
              Template.RSA,
              new byte[0],
              fixed(key.getPrimeP(), 128),
              Template.imported(spec, guarded, fixed(key.getModulus(), 256), new byte[0]));
        }
        case EC_P256 -> {
          BigInteger scalar = ((ECPrivateKey) privateKey("EC", bytes)).getS();
          byte[] info = P256.publicKeyInfo(scalar);
          byte[] x = Arrays.copyOfRange(info, info.length - 64, info.length - 32);
          byte[] y = Arrays.copyOfRange(info, info.length - 32, info.length);
          yield new KeyDuplicate(
              Template.ECC, new byte[0], fixed(scalar, 32), Template.imported(spec, guarded, x, y));
        }
        case HMAC_SHA256 -> {
          byte[] key = bytes.length <= 64 ? bytes.clone() : sha256(bytes); // as HMAC itself does
          byte[] seed = Box.random(32);
          byte[] unique = sha256(seed, key);
          yield new KeyDuplicate(
              Template.KEYEDHASH, seed, key, Template.imported(spec, guarded, unique, new byte[0]));
        }
      };
    } catch (GeneralSecurityException | ClassCastException e) {
      throw new IllegalArgumentException("This is not a private key of type " + spec, e);
    } finally {
      BlobFrame.wipe(bytes);
    }
  }

  byte[] wrapper() {
    return wrapper;
  }

  byte[] publicArea() {
    return publicArea;
  }

  /** The wrapped private area for an object with that auth value. */
  byte[] wrapped(byte[] auth) {
    byte[] plain =
        new TpmEncoding().u16(type).sized(auth).sized(seed).sized(sensitive).sizedBytes();
    byte[] name = new TpmEncoding().u16(Template.SHA256).raw(sha256(publicArea)).bytes();
    byte[] whole = new TpmEncoding().sized(sha256(plain, name)).raw(plain).bytes();
    try {
      Cipher cipher = Cipher.getInstance("AES/CFB/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(wrapper, "AES"),
          new IvParameterSpec(new byte[16])); // the format's own; the key is used once
      return cipher.doFinal(whole);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java runtime has no AES-CFB", e);
    } finally {
      BlobFrame.wipe(plain, whole);
    }
  }

  private static PrivateKey privateKey(String algorithm, byte[] pkcs8)
      throws GeneralSecurityException {
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }

  private static byte[] fixed(BigInteger number, int length) {
    byte[] bytes = number.toByteArray();
    byte[] out = new byte[length];
    int take = Math.min(bytes.length, length);
    System.arraycopy(bytes, bytes.length - take, out, length - take, take);
    BlobFrame.wipe(bytes);
    return out;
  }

  private static byte[] sha256(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java runtime has no SHA-256", e);
    }
  }

  @Override
  public void close() {
    BlobFrame.wipe(seed, sensitive, wrapper);
  }
}
