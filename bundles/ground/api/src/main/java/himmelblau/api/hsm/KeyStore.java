package himmelblau.api.hsm;

import himmelblau.api.secret.Secret;

/**
 * A key store. One bundle each, with the property {@link #TYPE}. Thread-safe. All implementations
 * pass the kit in {@code testing/contract}.
 */
public interface KeyStore {
  /** Service property: {@code soft}, {@code tpm}, {@code pkcs11} … */
  String TYPE = "himmelblau.hsm.type";

  String type();

  /** The current state of the store, read each time; never throws. */
  KeyStoreInfo info();

  /**
   * Creates a machine key that can be opened with {@code auth} only (32 bytes, borrowed).
   *
   * @throws KeyStoreUnavailable if the device is missing, locked or broken
   */
  Machine create(Secret auth) throws KeyStoreUnavailable;

  /**
   * Opens a machine key made by {@link #create}.
   *
   * @throws WrongPin if {@code auth} is not the one it was made with
   * @throws KeyRefused if {@code blob} is of another machine or store, or was changed
   */
  Machine open(Secret auth, byte[] blob) throws KeyStoreUnavailable, WrongPin, KeyRefused;
}
