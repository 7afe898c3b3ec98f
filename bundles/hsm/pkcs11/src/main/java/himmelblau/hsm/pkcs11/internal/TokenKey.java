package himmelblau.hsm.pkcs11.internal;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Oaep;
import himmelblau.api.secret.Secret;
import himmelblau.hsm.envelope.BlobFrame;
import himmelblau.hsm.envelope.Seal;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.crypto.Cipher;

/** A key in the token. */
final class TokenKey implements Key {
  private final Token token;
  private final KeySpec spec;
  private final PublicKey publicKey;
  private final PrivateKey privateKey;
  private final Seal seal;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Takes over {@code sealKey}. */
  TokenKey(Token token, KeySpec spec, PublicKey publicKey, PrivateKey privateKey, byte[] sealKey) {
    this.token = token;
    this.spec = spec;
    this.publicKey = publicKey;
    this.privateKey = privateKey;
    this.seal = new Seal(sealKey, "pkcs11 key");
  }

  @Override
  public KeySpec spec() {
    return spec;
  }

  @Override
  public PublicKey publicKey() {
    return publicKey;
  }

  @Override
  public byte[] sign(byte[] data) throws KeyStoreUnavailable {
    requireOpen();
    try {
      Signature signature =
          Signature.getInstance(
              spec == KeySpec.RSA_2048 ? "SHA256withRSA" : "SHA256withECDSAinP1363Format",
              token.provider());
      signature.initSign(privateKey);
      signature.update(data);
      return signature.sign();
    } catch (GeneralSecurityException | ProviderException e) {
      throw token.lost(e);
    }
  }

  /** The token does the RSA, {@link OaepPadding} the rest: few tokens know all hashes. */
  @Override
  public Secret decrypt(byte[] ciphertext, Oaep hash) throws KeyStoreUnavailable, KeyRefused {
    if (spec != KeySpec.RSA_2048) {
      throw new UnsupportedOperationException("Only RSA keys decrypt");
    }
    requireOpen();
    if (ciphertext.length != OaepPadding.BYTES) {
      throw new KeyRefused("The ciphertext was not made for this key: it has the wrong length");
    }
    byte[] padded;
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/NoPadding", token.provider());
      cipher.init(Cipher.DECRYPT_MODE, privateKey);
      padded = cipher.doFinal(ciphertext);
    } catch (GeneralSecurityException | ProviderException e) {
      throw token.lost(e);
    }
    try {
      return OaepPadding.remove(padded, hash);
    } finally {
      BlobFrame.wipe(padded);
    }
  }

  @Override
  public byte[] hmac(byte[] data) {
    throw new UnsupportedOperationException("Only HMAC keys compute HMACs");
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

  private void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("This key was closed");
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      seal.close();
    }
  }
}
