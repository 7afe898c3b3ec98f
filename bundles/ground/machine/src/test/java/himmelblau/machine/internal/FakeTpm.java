package himmelblau.machine.internal;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStore;
import himmelblau.api.hsm.KeyStoreInfo;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import himmelblau.hsm.soft.internal.SoftKeyStore;
import java.util.Arrays;
import java.util.Optional;

/** A soft store that simulates a TPM: it has an identity, exports nothing and can be removed. */
final class FakeTpm implements KeyStore {
  private final SoftKeyStore soft = new SoftKeyStore();
  private final byte identity;
  volatile boolean present = true;
  volatile boolean takesKeys = true;

  private final String type;

  FakeTpm(int identity) {
    this(identity, "tpm");
  }

  /** The same under the type of another device. */
  FakeTpm(int identity, String type) {
    this.identity = (byte) identity;
    this.type = type;
  }

  @Override
  public String type() {
    return type;
  }

  @Override
  public KeyStoreInfo info() {
    return new KeyStoreInfo(present, present ? "A TPM" : "No TPM detected", java.util.List.of());
  }

  private void require() throws KeyStoreUnavailable {
    if (!present) {
      throw new KeyStoreUnavailable("No TPM detected");
    }
  }

  @Override
  public MachineKey create(Secret auth) throws KeyStoreUnavailable {
    require();
    return new FakeMachine(soft.create(auth));
  }

  @Override
  public MachineKey open(Secret auth, byte[] blob)
      throws KeyStoreUnavailable, WrongPin, KeyRefused {
    require();
    if (blob[0] != identity) {
      throw new KeyRefused("This machine key was made by another TPM");
    }
    return new FakeMachine(soft.open(auth, Arrays.copyOfRange(blob, 1, blob.length)));
  }

  private final class FakeMachine implements MachineKey {
    private final MachineKey inner;

    FakeMachine(MachineKey inner) {
      this.inner = inner;
    }

    private WrappedKey ours(WrappedKey key) {
      return new WrappedKey(type, key.spec(), key.pinProtected(), key.blob());
    }

    private WrappedKey theirs(WrappedKey key) {
      return new WrappedKey("soft", key.spec(), key.pinProtected(), key.blob());
    }

    @Override
    public String store() {
      return type;
    }

    @Override
    public byte[] blob() {
      byte[] blob = new byte[inner.blob().length + 1];
      blob[0] = identity;
      System.arraycopy(inner.blob(), 0, blob, 1, blob.length - 1);
      return blob;
    }

    @Override
    public WrappedKey create(KeySpec spec, Secret pin) throws KeyStoreUnavailable {
      require();
      return ours(inner.create(spec, pin));
    }

    @Override
    public Key load(WrappedKey key, Secret pin) throws KeyStoreUnavailable, WrongPin, KeyRefused {
      require();
      return inner.load(theirs(key), pin);
    }

    @Override
    public byte[] seal(Secret plain, String label) throws KeyStoreUnavailable {
      require();
      return inner.seal(plain, label);
    }

    @Override
    public Secret unseal(byte[] sealed, String label) throws KeyStoreUnavailable, KeyRefused {
      require();
      return inner.unseal(sealed, label);
    }

    @Override
    public boolean exports(KeySpec spec, boolean pinProtected) {
      return false;
    }

    @Override
    public Optional<byte[]> rewrap(Secret auth) {
      return Optional.empty();
    }

    @Override
    public boolean imports(KeySpec spec, boolean pinProtected) {
      return takesKeys;
    }

    @Override
    public Optional<Secret> export(WrappedKey key, Secret pin) {
      return Optional.empty();
    }

    @Override
    public Optional<WrappedKey> importKey(KeySpec spec, Secret material, Secret pin)
        throws KeyStoreUnavailable {
      require();
      return takesKeys ? inner.importKey(spec, material, pin).map(this::ours) : Optional.empty();
    }

    @Override
    public void close() {
      inner.close();
    }
  }
}
