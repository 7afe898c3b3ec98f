package himmelblau.hsm.soft.internal;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import himmelblau.hsm.envelope.Hkdf;
import himmelblau.hsm.envelope.Seal;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An opened machine key. Thread-safe: its keys change only when it closes. */
final class SoftMachine implements MachineKey {
  static final int KEY_BYTES = 32;

  private final byte[] key;
  private final byte[] blob;
  private final SoftKeyBlob keys;
  private final Seal seal;
  private volatile boolean closed;

  /** Copies both. */
  SoftMachine(byte[] key, byte[] blob) {
    this.key = key.clone();
    this.blob = blob;
    this.keys =
        new SoftKeyBlob(
            Hkdf.derive(key, "soft key wrapping", 32), Hkdf.derive(key, "soft PIN pepper", 32));
    this.seal = new Seal(Hkdf.derive(key, "soft machine seal", 32), "soft machine");
  }

  @Override
  public String store() {
    return SoftKeyStore.SOFT;
  }

  @Override
  public byte[] blob() {
    return blob.clone();
  }

  @Override
  public WrappedKey create(KeySpec spec, @Nullable Secret pin) {
    requireOpen();
    try (KeyMaterial material = KeyMaterial.generate(spec)) {
      return keys.wrap(material, pin);
    }
  }

  @Override
  public Key load(WrappedKey wrapped, @Nullable Secret pin) throws WrongPin, KeyRefused {
    requireOpen();
    try (KeyMaterial material = keys.unwrap(wrapped, pin)) {
      return new SoftKey(material);
    }
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

  @Override
  public boolean exports(KeySpec spec, boolean pinProtected) {
    return true;
  }

  @Override
  public boolean imports(KeySpec spec, boolean pinProtected) {
    return true;
  }

  @Override
  public Optional<Secret> export(WrappedKey wrapped, @Nullable Secret pin)
      throws WrongPin, KeyRefused {
    requireOpen();
    try (KeyMaterial material = keys.unwrap(wrapped, pin)) {
      return Optional.of(Secret.copyOf(material.secret()));
    }
  }

  @Override
  public Optional<WrappedKey> importKey(KeySpec spec, Secret secret, @Nullable Secret pin) {
    requireOpen();
    try (KeyMaterial material = KeyMaterial.of(spec, secret.copyBytes())) {
      return Optional.of(keys.wrap(material, pin));
    }
  }

  @Override
  public Optional<byte[]> rewrap(Secret auth) {
    requireOpen();
    return Optional.of(SoftMachineBlob.wrap(key, auth));
  }

  @Override
  public void close() {
    closed = true;
    Arrays.fill(key, (byte) 0);
    keys.close();
    seal.close();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("This machine key was closed");
    }
  }
}
