package himmelblau.hsm.tpm.internal;

import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.hsm.envelope.BlobFrame;
import himmelblau.hsm.envelope.Box;
import himmelblau.hsm.envelope.DamagedBlob;
import himmelblau.hsm.envelope.PinStretch;
import himmelblau.hsm.tpm.internal.ObjectCommands.Created;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keys at rest: {@code version | PIN cost (empty without PIN) | box}. The box, under the machine's
 * seed, contains the wrapped areas of the TPM; a changed or foreign blob is detected before the TPM
 * sees it, so that only a wrong PIN counts as an attempt.
 */
final class TpmKeyBlob {
  private static final int VERSION = 1;

  private final byte[] wrapping;
  private final byte[] pepper;

  /** Takes over both keys. */
  TpmKeyBlob(byte[] wrapping, byte[] pepper) {
    this.wrapping = wrapping;
    this.pepper = pepper;
  }

  /**
   * What is in a blob.
   *
   * @param key the key's areas
   * @param secret without PIN: the seal key; with PIN: one byte that most wrong PINs fail on
   * @param guarded with PIN: the seal key, sealed in the TPM under the PIN
   * @param cost with PIN
   */
  record Content(
      Created key, byte[] secret, Optional<Created> guarded, Optional<PinStretch> cost) {}

  /**
   * A PIN, stretched.
   *
   * @param auth the TPM's auth value
   * @param sieve one byte
   */
  record Stretched(byte[] auth, byte sieve) {
    void wipe() {
      BlobFrame.wipe(auth);
    }
  }

  /** Blocks for what the PIN costs. */
  Stretched stretch(PinStretch cost, byte[] pin) {
    byte[] bytes = cost.stretch(pin, pepper, 33);
    byte[] auth = Arrays.copyOf(bytes, 32);
    auth[31] |= 1; // a TPM ignores zeroes at the end
    Stretched stretched = new Stretched(auth, bytes[32]);
    BlobFrame.wipe(bytes);
    return stretched;
  }

  WrappedKey wrap(KeySpec spec, Content content) {
    byte[] cost = content.cost().map(PinStretch::encoded).orElse(new byte[0]);
    byte[] inner =
        BlobFrame.of(
            VERSION,
            content.key().privateArea(),
            content.key().publicArea(),
            content.secret(),
            content.guarded().map(Created::privateArea).orElse(new byte[0]),
            content.guarded().map(Created::publicArea).orElse(new byte[0]));
    boolean pin = content.cost().isPresent();
    byte[] box = Box.close(wrapping, inner, context(spec, pin, cost));
    BlobFrame.wipe(inner);
    return new WrappedKey(TpmKeyStore.TPM, spec, pin, BlobFrame.of(VERSION, cost, box));
  }

  Content unwrap(WrappedKey key) throws KeyRefused {
    if (!key.store().equals(TpmKeyStore.TPM)) {
      throw new KeyRefused(
          "This key was made by the key store \"" + key.store() + "\", not by a TPM");
    }
    byte @Nullable [] inner = null;
    try {
      BlobFrame outer = BlobFrame.read(key.blob(), VERSION);
      byte[] cost = outer.field();
      byte[] box = outer.field();
      outer.end();
      inner = Box.open(wrapping, box, context(key.spec(), key.pinProtected(), cost));
      BlobFrame frame = BlobFrame.read(inner, VERSION);
      Created created = new Created(frame.field(), frame.field());
      byte[] secret = frame.field();
      Created guarded = new Created(frame.field(), frame.field());
      frame.end();
      return key.pinProtected()
          ? new Content(
              created, secret, Optional.of(guarded), Optional.of(PinStretch.decoded(cost)))
          : new Content(created, secret, Optional.empty(), Optional.empty());
    } catch (DamagedBlob e) {
      throw new KeyRefused(
          "The key was made by another machine or was changed: " + e.getMessage(), e);
    } finally {
      if (inner != null) {
        BlobFrame.wipe(inner);
      }
    }
  }

  private static byte[] context(KeySpec spec, boolean pin, byte[] cost) {
    return BlobFrame.context("himmelblau.tpm.key", VERSION, spec, pin, cost);
  }

  void close() {
    BlobFrame.wipe(wrapping, pepper);
  }
}
