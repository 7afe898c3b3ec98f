package himmelblau.hsm.tpm.internal;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import himmelblau.hsm.envelope.BlobFrame;
import himmelblau.hsm.envelope.Box;
import himmelblau.hsm.envelope.DamagedBlob;
import himmelblau.hsm.envelope.Hkdf;
import himmelblau.hsm.envelope.PinStretch;
import himmelblau.hsm.envelope.Seal;
import himmelblau.hsm.tpm.internal.ObjectCommands.Created;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An opened machine key: a storage key in the TPM, and a seed that the TPM unseals once, under
 * which blobs are authenticated and values sealed. Blob: {@code version | name of the storage root
 * | storage key | sealed seed}.
 */
final class TpmMachine implements MachineKey {
  private static final int VERSION = 1;
  private static final byte[] NO_AUTH = new byte[0];

  private final StorageKey machineKey;
  private final byte[] blob;
  private final TpmKeyBlob keys;
  private final KeyMaker maker;
  private final Seal seal;
  private final AtomicBoolean closed = new AtomicBoolean();

  private TpmMachine(StorageKey machineKey, byte[] blob, byte[] seed, Supplier<PinStretch> costs) {
    this.machineKey = machineKey;
    this.blob = blob;
    this.keys =
        new TpmKeyBlob(
            Hkdf.derive(seed, "tpm key wrapping", 32), Hkdf.derive(seed, "tpm PIN pepper", 32));
    this.maker = new KeyMaker(machineKey, keys, costs);
    this.seal = new Seal(Hkdf.derive(seed, "tpm machine seal", 32), "tpm machine");
  }

  static TpmMachine create(TpmDevice device, Secret auth) throws KeyStoreUnavailable {
    return create(device, auth, PinStretch::fresh);
  }

  /** With another cost of PINs, for tests. */
  static TpmMachine create(TpmDevice device, Secret auth, Supplier<PinStretch> costs)
      throws KeyStoreUnavailable {
    byte[] own = ownAuth(auth);
    byte[] seed = Box.random(32);
    try {
      return device.make(
          scope -> {
            if (Capabilities.askVariable(scope.connection()).ownerPasswordSet()) {
              throw new KeyStoreUnavailable(TpmKeyStore.OWNER_PASSWORD);
            }
            ObjectCommands objects = scope.objects();
            byte[] rootName = scope.rootName();
            int root = scope.root();
            Created object = objects.create(root, Template.machine(), own, new byte[0]);
            scope.release(root);
            StorageKey machineKey = new StorageKey(device, object, rootName, own);
            int handle = machineKey.load(scope);
            Created sealed = objects.create(handle, Template.sealed(false), NO_AUTH, seed);
            byte[] blob =
                BlobFrame.of(
                    VERSION,
                    rootName,
                    object.privateArea(),
                    object.publicArea(),
                    sealed.privateArea(),
                    sealed.publicArea());
            return new TpmMachine(machineKey, blob, seed, costs);
          });
    } finally {
      BlobFrame.wipe(seed);
    }
  }

  static TpmMachine open(TpmDevice device, Secret auth, byte[] blob)
      throws KeyStoreUnavailable, WrongPin, KeyRefused {
    byte[] rootName;
    Created object;
    Created sealed;
    try {
      BlobFrame frame = BlobFrame.read(blob, VERSION);
      rootName = frame.field();
      object = new Created(frame.field(), frame.field());
      sealed = new Created(frame.field(), frame.field());
      frame.end();
    } catch (DamagedBlob e) {
      throw new KeyRefused("The machine key of the TPM is damaged: " + e.getMessage(), e);
    }
    return device.run(
        scope -> {
          StorageKey machineKey = new StorageKey(device, object, rootName, ownAuth(auth));
          boolean good = false;
          byte[] seed = new byte[0];
          try {
            int handle = machineKey.load(scope);
            seed = unseal(scope, handle, sealed);
            good = true;
            return new TpmMachine(machineKey, blob.clone(), seed, PinStretch::fresh);
          } finally {
            BlobFrame.wipe(seed);
            if (!good) {
              machineKey.release();
            }
          }
        });
  }

  private static byte[] unseal(TpmScope scope, int parent, Created sealed)
      throws TpmError, WrongPin, KeyRefused {
    try {
      int item = scope.keep(scope.objects().load(parent, sealed));
      return scope.objects().unseal(item);
    } catch (TpmError e) {
      if (e.is(TpmError.BAD_AUTH) || e.is(TpmError.AUTH_FAIL)) {
        throw new WrongPin();
      }
      if (!e.malformed()) {
        throw e;
      }
      throw new KeyRefused("The machine key of the TPM was changed: " + e.reason(), e);
    }
  }

  /** A TPM ignores zeroes at the end of an auth value: the last byte is never zero. */
  private static byte[] ownAuth(Secret auth) {
    byte[] own = auth.use(bytes -> Hkdf.derive(bytes, "tpm machine auth", 32));
    own[31] |= 1;
    return own;
  }

  @Override
  public String store() {
    return TpmKeyStore.TPM;
  }

  @Override
  public byte[] blob() {
    return blob.clone();
  }

  @Override
  public WrappedKey create(KeySpec spec, @Nullable Secret pin) throws KeyStoreUnavailable {
    requireOpen();
    return maker.create(spec, pin);
  }

  @Override
  public Key load(WrappedKey wrapped, @Nullable Secret pin)
      throws KeyStoreUnavailable, WrongPin, KeyRefused {
    requireOpen();
    return maker.load(wrapped, pin);
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

  /** Never: that is what the TPM is for. */
  @Override
  public Optional<Secret> export(WrappedKey wrapped, @Nullable Secret pin) {
    requireOpen();
    return Optional.empty();
  }

  /** Private material never leaves it. */
  @Override
  public boolean exports(KeySpec spec, boolean pinProtected) {
    return false;
  }

  /** Its auth value is in the TPM object: it is replaced together with the machine key. */
  @Override
  public Optional<byte[]> rewrap(Secret auth) {
    return Optional.empty();
  }

  @Override
  public boolean imports(KeySpec spec, boolean pinProtected) {
    return true;
  }

  @Override
  public Optional<WrappedKey> importKey(KeySpec spec, Secret material, @Nullable Secret pin)
      throws KeyStoreUnavailable {
    requireOpen();
    return Optional.of(maker.importKey(spec, material, pin));
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      keys.close();
      seal.close();
      machineKey.release();
    }
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("This machine key was closed");
    }
  }
}
