package himmelblau.hsm.tpm.internal;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import himmelblau.hsm.envelope.BlobFrame;
import himmelblau.hsm.envelope.Box;
import himmelblau.hsm.envelope.PinStretch;
import himmelblau.hsm.tpm.internal.ObjectCommands.Created;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes and loads keys below a machine key. A key with a PIN has the stretched PIN as its auth
 * value in the TPM, which counts wrong ones; one byte of the stretch is checked first, in software,
 * so that only one wrong PIN in 256 is seen (and counted) by the TPM at all.
 */
final class KeyMaker {
  private static final int SEAL_KEY = 32;
  private static final byte[] NONE = new byte[0];

  private final StorageKey machineKey;
  private final TpmKeyBlob blobs;
  private final Supplier<PinStretch> costs;

  /**
   * @param costs what the PINs of new keys cost
   */
  KeyMaker(StorageKey machineKey, TpmKeyBlob blobs, Supplier<PinStretch> costs) {
    this.machineKey = machineKey;
    this.blobs = blobs;
    this.costs = costs;
  }

  private interface Make {
    Created make(ObjectCommands objects, int parent, byte[] auth) throws TpmError;
  }

  WrappedKey create(KeySpec spec, @Nullable Secret pin) throws KeyStoreUnavailable {
    byte[] template = Template.fresh(spec, pin != null);
    return make(spec, pin, (objects, parent, auth) -> objects.create(parent, template, auth, NONE));
  }

  WrappedKey importKey(KeySpec spec, Secret material, @Nullable Secret pin)
      throws KeyStoreUnavailable {
    try (KeyDuplicate duplicate = KeyDuplicate.of(spec, material, pin != null)) {
      return make(
          spec,
          pin,
          (objects, parent, auth) -> {
            byte[] wrapped = duplicate.wrapped(auth);
            byte[] privateArea =
                objects.importObject(parent, duplicate.wrapper(), duplicate.publicArea(), wrapped);
            return new Created(
                privateArea, new TpmEncoding().sized(duplicate.publicArea()).bytes());
          });
    }
  }

  private WrappedKey make(KeySpec spec, @Nullable Secret pin, Make make)
      throws KeyStoreUnavailable {
    if (pin == null) {
      Created key =
          machineKey
              .device()
              .make(scope -> make.make(scope.objects(), machineKey.load(scope), NONE));
      return blobs.wrap(
          spec,
          new TpmKeyBlob.Content(key, Box.random(SEAL_KEY), Optional.empty(), Optional.empty()));
    }
    if (pin.isEmpty() || pin.length() > 64) {
      throw new IllegalArgumentException("A PIN has 1 to 64 bytes");
    }
    PinStretch cost = costs.get();
    TpmKeyBlob.Stretched stretched = stretched(cost, pin);
    byte[] sealKey = Box.random(SEAL_KEY);
    try {
      return machineKey
          .device()
          .make(
              scope -> {
                int parent = machineKey.load(scope);
                Created key = make.make(scope.objects(), parent, stretched.auth());
                Created guarded =
                    scope
                        .objects()
                        .create(parent, Template.sealed(true), stretched.auth(), sealKey);
                return blobs.wrap(
                    spec,
                    new TpmKeyBlob.Content(
                        key,
                        new byte[] {stretched.sieve()},
                        Optional.of(guarded),
                        Optional.of(cost)));
              });
    } finally {
      stretched.wipe();
      BlobFrame.wipe(sealKey);
    }
  }

  Key load(WrappedKey wrapped, @Nullable Secret pin)
      throws KeyStoreUnavailable, WrongPin, KeyRefused {
    TpmKeyBlob.Content content = blobs.unwrap(wrapped);
    if (wrapped.pinProtected() != (pin != null)) {
      throw new WrongPin();
    }
    if (pin == null) {
      return new TpmKey(machineKey, wrapped.spec(), content.key(), NONE, content.secret());
    }
    TpmKeyBlob.Stretched stretched = stretched(content.cost().orElseThrow(), pin);
    boolean good = false;
    try {
      if (content.secret().length != 1 || content.secret()[0] != stretched.sieve()) {
        throw new WrongPin();
      }
      byte[] sealKey = unseal(content.guarded().orElseThrow(), stretched.auth());
      Key key = new TpmKey(machineKey, wrapped.spec(), content.key(), stretched.auth(), sealKey);
      good = true;
      return key;
    } finally {
      if (!good) {
        stretched.wipe();
      }
    }
  }

  private byte[] unseal(Created guarded, byte[] auth)
      throws KeyStoreUnavailable, WrongPin, KeyRefused {
    return machineKey
        .device()
        .run(
            scope -> {
              byte[] own = auth.clone(); // the caller may time out and wipe its copy
              try {
                Capabilities.askVariable(scope.connection()).lockout().requireAttempt();
                int parent = machineKey.load(scope);
                int item = scope.keep(scope.objects().load(parent, guarded));
                scope.connection().authorise(item, own);
                return opened(scope, item);
              } finally {
                BlobFrame.wipe(own);
              }
            });
  }

  /** Only a failed authorisation says that the PIN is wrong. */
  private static byte[] opened(TpmScope scope, int item) throws TpmError, WrongPin {
    try {
      return scope.objects().unseal(item);
    } catch (TpmError e) {
      if (e.is(TpmError.AUTH_FAIL) || e.is(TpmError.BAD_AUTH)) {
        throw new WrongPin();
      }
      throw e;
    }
  }

  private TpmKeyBlob.Stretched stretched(PinStretch cost, Secret pin) {
    byte[] bytes = pin.copyBytes();
    try {
      return blobs.stretch(cost, bytes);
    } finally {
      BlobFrame.wipe(bytes);
    }
  }
}
