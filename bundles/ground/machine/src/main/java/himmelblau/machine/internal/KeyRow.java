package himmelblau.machine.internal;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * One machine key at rest.
 *
 * @param id never used twice
 * @param store {@link himmelblau.api.hsm.KeyStore#type()}
 * @param blob what the store opens
 * @param openedBy the machine key that {@code auth} is sealed by; empty: the hsm-pin opens it
 * @param auth the sealed auth value; present exactly when {@code openedBy} is
 * @param current whether new keys and values hang below it
 */
record KeyRow(
    long id,
    String store,
    byte[] blob,
    OptionalLong openedBy,
    Optional<byte[]> auth,
    boolean current) {

  /** The label under which the auth value is sealed. */
  static String authLabel(String store) {
    return "machine auth value of " + store;
  }
}
