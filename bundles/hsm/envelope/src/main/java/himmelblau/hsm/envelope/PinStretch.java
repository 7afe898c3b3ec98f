package himmelblau.hsm.envelope;

import himmelblau.api.log.Log;
import himmelblau.argon2.Argon2id;
import java.time.Duration;

/**
 * Argon2id (RFC 9106, version 0x13) over a PIN. What the derivation costs is chosen on this machine
 * when a PIN is set, and is kept beside the salt: later releases may choose more without touching
 * PINs that exist.
 *
 * @param salt 16 random bytes
 * @param memoryKib memory in KiB
 * @param passes passes over the memory
 */
public record PinStretch(byte[] salt, int memoryKib, int passes) {
  private static final Log LOG = Log.of(PinStretch.class);

  /** What one derivation should take on this machine. */
  static final Duration TARGET = Duration.ofMillis(250);

  static final int MEMORY_KIB = 32 * 1024;
  static final int FEWEST_PASSES = 3;
  static final int MOST_PASSES = 12;

  private static final int SALT = 16;
  private static final int VERSION = 1;
  private static volatile int calibrated;

  /** A fresh salt at the cost that suits this machine. */
  public static PinStretch fresh() {
    int passes = calibrated;
    if (passes == 0) {
      passes = calibrate();
      calibrated = passes;
    }
    return new PinStretch(Box.random(SALT), MEMORY_KIB, passes);
  }

  private static int calibrate() {
    byte[] probe = new byte[SALT];
    new PinStretch(probe, MEMORY_KIB, 1).stretch(probe, probe, 32); // loads or compiles it
    long before = System.nanoTime();
    new PinStretch(probe, MEMORY_KIB, 2).stretch(probe, probe, 32);
    return passesFor(Duration.ofNanos(System.nanoTime() - before).dividedBy(2));
  }

  static int passesFor(Duration onePass) {
    long passes = TARGET.toNanos() / Math.max(1, onePass.toNanos());
    return Math.clamp(passes, FEWEST_PASSES, MOST_PASSES);
  }

  /**
   * Derives {@code length} bytes, which the caller wipes. Blocks while others derive.
   *
   * @param pepper a secret of the machine: without it no PIN can be guessed elsewhere
   */
  public byte[] stretch(byte[] pin, byte[] pepper, int length) {
    long begun = System.nanoTime();
    byte[] out = new Argon2id(memoryKib, passes).derive(pin, salt, pepper, length);
    LOG.debug("hsm.pin.stretched", "millis", (System.nanoTime() - begun) / 1_000_000);
    return out;
  }

  /** As bytes, for the blob that it belongs to. */
  public byte[] encoded() {
    return BlobFrame.of(VERSION, salt, BlobFrame.number(memoryKib), BlobFrame.number(passes));
  }

  /**
   * Reads {@link #encoded}. Authenticate the bytes first: they say how much work to do.
   *
   * @throws DamagedBlob if they are not such bytes, or ask for more than any release does
   */
  public static PinStretch decoded(byte[] bytes) throws DamagedBlob {
    BlobFrame frame = BlobFrame.read(bytes, VERSION);
    PinStretch stretch = new PinStretch(frame.field(), frame.number(), frame.number());
    frame.end();
    if (stretch.salt.length < SALT
        || stretch.memoryKib < 8
        || stretch.memoryKib > 1024 * 1024
        || stretch.passes < 1
        || stretch.passes > 64) {
      throw new DamagedBlob("the cost of the PIN is out of bounds");
    }
    return stretch;
  }
}
