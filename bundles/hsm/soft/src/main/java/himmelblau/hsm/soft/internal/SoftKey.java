package himmelblau.hsm.soft.internal;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.Oaep;
import himmelblau.api.secret.Secret;
import himmelblau.hsm.envelope.BlobFrame;
import himmelblau.hsm.envelope.Hkdf;
import himmelblau.hsm.envelope.Seal;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.jspecify.annotations.Nullable;

/** A key in memory. */
final class SoftKey implements Key {
  private final KeySpec spec;
  private final Seal seal;
  private final byte[] hmacKey;
  private final @Nullable PublicKey publicKey;
  private @Nullable PrivateKey privateKey;
  private volatile boolean closed;

  /** Copies what it needs of {@code material}. */
  SoftKey(KeyMaterial material) throws KeyRefused {
    this.spec = material.spec();
    try {
      boolean symmetric = spec == KeySpec.HMAC_SHA256;
      this.hmacKey = symmetric ? material.secret().clone() : new byte[0];
      this.privateKey = symmetric ? null : material.privateKey();
      this.publicKey = symmetric ? null : material.publicKey();
      this.seal = new Seal(material.seal().clone(), "soft key");
    } catch (GeneralSecurityException e) {
      throw new KeyRefused("The key is damaged: its contents are not a key of type " + spec, e);
    }
  }

  @Override
  public KeySpec spec() {
    return spec;
  }

  @Override
  public PublicKey publicKey() {
    if (publicKey == null) {
      throw new UnsupportedOperationException("An HMAC key has no public half");
    }
    return publicKey;
  }

  @Override
  public byte[] sign(byte[] data) {
    String algorithm =
        switch (spec) {
          case RSA_2048 -> "SHA256withRSA";
          case EC_P256 -> "SHA256withECDSAinP1363Format";
          case HMAC_SHA256 -> throw new UnsupportedOperationException("An HMAC key cannot sign");
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(requirePrivate());
      signature.update(data);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java runtime cannot sign with " + algorithm, e);
    }
  }

  @Override
  public Secret decrypt(byte[] ciphertext, Oaep hash) throws KeyRefused {
    if (spec != KeySpec.RSA_2048) {
      throw new UnsupportedOperationException("Only RSA keys decrypt");
    }
    String name = hash == Oaep.SHA1 ? "SHA-1" : "SHA-256";
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          requirePrivate(),
          new OAEPParameterSpec(
              name, "MGF1", new MGF1ParameterSpec(name), PSource.PSpecified.DEFAULT));
      return Secret.taking(cipher.doFinal(ciphertext));
    } catch (BadPaddingException | IllegalBlockSizeException e) {
      throw new KeyRefused("The ciphertext was not made for this key, or was changed", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java runtime cannot decrypt RSA-OAEP", e);
    }
  }

  @Override
  public byte[] hmac(byte[] data) {
    if (spec != KeySpec.HMAC_SHA256) {
      throw new UnsupportedOperationException("Only HMAC keys compute HMACs");
    }
    requireOpen();
    return Hkdf.hmac(hmacKey, data);
  }

  @Override
  public byte[] seal(Secret plain, String label) {
    requireOpen();
    return seal.seal(plain, label);
  }

  @Override
  public Secret unseal(byte[] sealed, String label) throws KeyRefused {
    requireOpen();
    return seal.open(sealed, label);
  }

  private synchronized PrivateKey requirePrivate() {
    PrivateKey key = privateKey;
    if (key == null) {
      throw new IllegalStateException("This key was closed");
    }
    return key;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("This key was closed");
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    privateKey = null; // the copy in the JDK cannot be wiped
    BlobFrame.wipe(hmacKey);
    seal.close();
  }
}
