package himmelblau.contract.checks.keystore;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Oaep;
import himmelblau.api.secret.Secret;
import himmelblau.contract.checks.keystore.MemoryDevice.Kept;
import himmelblau.contract.keystore.Jca;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/** A loaded key of the store in memory. */
final class MemoryKey implements Key {
  private final MemoryDevice device;
  private final Kept kept;
  private final Sealing sealing;
  private volatile boolean closed;

  MemoryKey(MemoryDevice device, Kept kept) {
    this.device = device;
    this.kept = kept;
    Object owner =
        device.has(StoreDefect.SEALS_UNDER_THE_PIN_ALONE) && kept.pin().isPresent()
            ? kept.pin()
            : kept.material();
    this.sealing = new Sealing(device, owner);
  }

  @Override
  public KeySpec spec() {
    return kept.spec();
  }

  @Override
  public PublicKey publicKey() {
    return pair().getPublic();
  }

  private KeyPair pair() {
    return kept.material()
        .pair()
        .orElseThrow(() -> new UnsupportedOperationException("An HMAC key"));
  }

  private void require(KeySpec needed) {
    if (spec() != needed) {
      throw new UnsupportedOperationException("Only for " + needed);
    }
  }

  @Override
  public byte[] sign(byte[] data) throws KeyStoreUnavailable {
    requireOpen();
    device.require();
    try {
      if (device.signing.incrementAndGet() > 1 && device.has(StoreDefect.SIGNS_FOR_ONE_AT_A_TIME)) {
        throw new KeyStoreUnavailable("busy");
      }
      if (device.has(StoreDefect.SIGNS_FOR_ONE_AT_A_TIME)) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
      Signature signature = Signature.getInstance(algorithm());
      signature.initSign(pair().getPrivate());
      signature.update(data);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } finally {
      device.signing.decrementAndGet();
    }
  }

  private String algorithm() {
    if (spec() == KeySpec.RSA_2048) {
      return "SHA256withRSA";
    }
    return device.has(StoreDefect.SIGNATURE_IN_DER)
        ? "SHA256withECDSA"
        : "SHA256withECDSAinP1363Format";
  }

  @Override
  public Secret decrypt(byte[] ciphertext, Oaep hash) throws KeyRefused {
    require(KeySpec.RSA_2048);
    requireOpen();
    String name =
        hash == Oaep.SHA1 || device.has(StoreDefect.ONE_HASH_FOR_OAEP) ? "SHA-1" : "SHA-256";
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          pair().getPrivate(),
          new OAEPParameterSpec(
              name, "MGF1", new MGF1ParameterSpec(name), PSource.PSpecified.DEFAULT));
      return Secret.taking(cipher.doFinal(ciphertext));
    } catch (GeneralSecurityException e) {
      throw new KeyRefused("not for this key", e);
    }
  }

  @Override
  public byte[] hmac(byte[] data) {
    require(KeySpec.HMAC_SHA256);
    requireOpen();
    boolean same = device.has(StoreDefect.ONE_HMAC_KEY_FOR_ALL);
    try {
      return Jca.hmac(same ? new byte[64] : kept.material().hmac(), data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public byte[] seal(Secret plain, String label) throws KeyStoreUnavailable {
    requireOpen();
    return sealing.seal(plain, label);
  }

  @Override
  public Secret unseal(byte[] sealed, String label) throws KeyStoreUnavailable, KeyRefused {
    requireOpen();
    return sealing.unseal(sealed, label);
  }

  @Override
  public void close() {
    closed = true;
  }

  private void requireOpen() {
    if (closed && !device.has(StoreDefect.CLOSED_KEY_SIGNS)) {
      throw new IllegalStateException("closed");
    }
  }
}
