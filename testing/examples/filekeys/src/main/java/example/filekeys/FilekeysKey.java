package example.filekeys;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.Oaep;
import himmelblau.api.secret.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/** A loaded key. */
final class FilekeysKey implements Key {
  private final KeySpec spec;
  private final byte[] open;
  private final byte[] secret;
  private final byte[] seal;
  private boolean closed;

  /** Copies what it needs. */
  FilekeysKey(KeySpec spec, Material material) {
    this.spec = spec;
    this.open = material.open();
    this.secret = material.secret().clone();
    this.seal = material.seal().clone();
  }

  @Override
  public KeySpec spec() {
    return spec;
  }

  @Override
  public PublicKey publicKey() {
    require(spec != KeySpec.HMAC_SHA256);
    try {
      return factory().generatePublic(new X509EncodedKeySpec(open));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public byte[] sign(byte[] data) {
    require(spec != KeySpec.HMAC_SHA256);
    try {
      Signature signature =
          Signature.getInstance(
              spec == KeySpec.RSA_2048 ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
      signature.initSign(privateKey());
      signature.update(data);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Secret decrypt(byte[] ciphertext, Oaep hash) throws KeyRefused {
    require(spec == KeySpec.RSA_2048);
    String name = hash == Oaep.SHA1 ? "SHA-1" : "SHA-256";
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          privateKey(),
          new OAEPParameterSpec(
              name, "MGF1", new MGF1ParameterSpec(name), PSource.PSpecified.DEFAULT));
      return Secret.taking(cipher.doFinal(ciphertext));
    } catch (BadPaddingException | IllegalBlockSizeException e) {
      throw new KeyRefused("The ciphertext was not made for this key, or was changed", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public synchronized byte[] hmac(byte[] data) {
    require(spec == KeySpec.HMAC_SHA256);
    requireOpen();
    return Box.hmac(secret, data);
  }

  @Override
  public synchronized byte[] seal(Secret plain, String label) {
    requireOpen();
    return plain.use(bytes -> Box.close(seal, bytes, label));
  }

  @Override
  public synchronized Secret unseal(byte[] sealed, String label) throws KeyRefused {
    requireOpen();
    try {
      return Secret.taking(Box.open(seal, sealed, label));
    } catch (Box.Damaged e) {
      throw new KeyRefused("Sealed by another key or under another label, or changed", e);
    }
  }

  private synchronized PrivateKey privateKey() throws GeneralSecurityException {
    requireOpen();
    return factory().generatePrivate(new PKCS8EncodedKeySpec(secret));
  }

  private KeyFactory factory() throws GeneralSecurityException {
    return KeyFactory.getInstance(spec == KeySpec.RSA_2048 ? "RSA" : "EC");
  }

  private void require(boolean possible) {
    if (!possible) {
      throw new UnsupportedOperationException("A key of type " + spec + " cannot do that");
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("This key was closed");
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    Box.wipe(secret, seal);
  }
}
