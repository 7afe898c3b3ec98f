package himmelblau.api.hsm;

import himmelblau.api.secret.Secret;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A key store. One bundle each, with the property {@link #TYPE}. Thread-safe.
 *
 * <p>Every key store passes the kit in {@code testing/contract/keystore}, which demands:
 *
 * <ul>
 *   <li>Keys do what {@link Key} says, before and after the machine key was opened again.
 *   <li>What was sealed opens under the same key and label only; one changed byte, anywhere, is
 *       {@link KeyRefused}.
 *   <li>A wrong PIN or auth value is {@link WrongPin}, and only that: a key of another machine, of
 *       another store, or one that was changed is {@link KeyRefused}, whatever PIN comes with it.
 *   <li>Many threads use one machine key at once.
 *   <li>A closed key or machine key throws {@link IllegalStateException}; closing twice is no
 *       error.
 * </ul>
 *
 * <p>A store with a device passes {@code DeviceContract} too: a device that is missing is {@link
 * KeyStoreUnavailable} with a message that says what to do, and all works again when it is back.
 */
@ConsumerType
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
  MachineKey create(Secret auth) throws KeyStoreUnavailable;

  /**
   * Opens a machine key made by {@link #create}.
   *
   * @throws WrongPin if {@code auth} is not the one it was made with
   * @throws KeyRefused if {@code blob} is of another machine or store, or was changed
   */
  MachineKey open(Secret auth, byte[] blob) throws KeyStoreUnavailable, WrongPin, KeyRefused;
}
