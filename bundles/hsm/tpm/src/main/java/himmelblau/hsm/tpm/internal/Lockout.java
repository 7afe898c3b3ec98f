package himmelblau.hsm.tpm.internal;

import himmelblau.api.hsm.KeyStoreUnavailable;
import java.time.Duration;

/**
 * The state of the TPM's dictionary-attack protection. It is one counter for the whole chip:
 * reaching its limit also locks out disk encryption and all other programs.
 *
 * @param locked the limit is reached
 * @param failed wrong attempts that count now
 * @param limit so many lock the TPM
 * @param forgetsAfter seconds after which one wrong attempt is forgotten; 0 = never
 */
record Lockout(boolean locked, long failed, long limit, long forgetsAfter) {
  /**
   * Leaves the last attempt to others: a PIN typed wrong here never locks the TPM.
   *
   * @throws KeyStoreUnavailable if no attempt may be made now
   */
  void requireAttempt() throws KeyStoreUnavailable {
    if (locked) {
      throw new KeyStoreUnavailable(
          "The TPM is in lockout after too many wrong attempts. " + when());
    }
    if (limit > 1 && failed + 1 >= limit) {
      throw new KeyStoreUnavailable(
          "The TPM has counted %d wrong attempts of %d, and one more would lock it for every program. %s"
              .formatted(failed, limit, when()));
    }
  }

  private String when() {
    return forgetsAfter == 0
        ? "It does not recover by itself: run `tpm2_dictionarylockout --clear-lockout`"
        : "PINs can be tried again after at most "
            + words(forgetsAfter)
            + "; signing in without the PIN still works";
  }

  /** One line for {@code aad-tool tpm}. */
  String line() {
    String state =
        locked
            ? "in lockout after too many wrong attempts, so PINs are not tried; signing in without PIN works"
            : "%d of %d wrong attempts counted".formatted(failed, limit);
    String recovery =
        forgetsAfter == 0
            ? "never forgotten by itself"
            : "one is forgotten every " + words(forgetsAfter);
    return "Lockout: " + state + ", " + recovery;
  }

  private static String words(long seconds) {
    Duration duration = Duration.ofSeconds(seconds);
    return seconds < 120
        ? seconds + " seconds"
        : duration.toMinutes() < 120
            ? duration.toMinutes() + " minutes"
            : duration.toHours() + " hours";
  }
}
