package himmelblau.argon2;

import himmelblau.api.log.Log;
import himmelblau.argon2.internal.DerivationTimes;
import java.util.concurrent.Semaphore;

/**
 * Argon2id (RFC 9106), version 0x13, with one lane: what one derivation costs. Two derivations run
 * at once in this process, whoever asks; others wait. Thread-safe.
 *
 * @param kibibytes memory of one derivation in KiB, at least 8
 * @param passes passes over that memory, at least 1
 */
public record Argon2id(int kibibytes, int passes) {
  private static final Log LOG = Log.of(Argon2id.class);
  private static final byte[] NO_SECRET = {};
  // Each derivation uses tens of MiB: two fit into the memory that the daemon may use.
  private static final Semaphore SLOTS = new Semaphore(2, true);

  /**
   * As {@link #derive(byte[], byte[], byte[], int)} without a secret.
   *
   * @return new bytes, which the caller wipes
   */
  public byte[] derive(byte[] password, byte[] salt, int length) {
    return derive(password, salt, NO_SECRET, length);
  }

  /**
   * Derives bytes from a password. Blocks while it computes, also in the host's library, and while
   * two others do.
   *
   * @param password the message P; borrowed
   * @param salt the nonce S, at least 8 bytes
   * @param secret the secret value K, empty for none; borrowed
   * @param length of the result in bytes, at least 4
   * @return new bytes, which the caller wipes
   * @throws IllegalStateException if there is no memory for it
   */
  public byte[] derive(byte[] password, byte[] salt, byte[] secret, int length) {
    long begun = System.nanoTime();
    byte[] out = new byte[length];
    SLOTS.acquireUninterruptibly();
    try {
      Chosen.COMPUTATION.derive(this, password, salt, secret, out);
      return out;
    } finally {
      SLOTS.release();
      DerivationTimes.since(begun);
    }
  }

  /** One way to compute it. */
  interface Computation {
    void derive(Argon2id cost, byte[] password, byte[] salt, byte[] secret, byte[] out);
  }

  /** Chosen once, at the first derivation. */
  private static final class Chosen {
    static final Computation COMPUTATION = choose();

    private static Computation choose() {
      try {
        return LibArgon2.load();
      } catch (LinkageError e) {
        LOG.info(
            "argon2.without_library",
            "library",
            LibArgon2.NAME,
            "reason",
            String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
            "todo",
            "install the package libargon2-1 (Debian, SUSE) or libargon2 (Fedora)");
        return new JavaArgon2();
      }
    }
  }
}
