package himmelblau.api.hello;

import himmelblau.api.account.AccountName;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.secret.Secret;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * PINs that are good on this device only. Keys hang on the object id of the user, so a renamed
 * account keeps its PIN and a new account with an old name does not inherit one. Wrong attempts are
 * counted in the store: the count survives restarts and is per user. Thread-safe.
 */
public interface Hello {
  /** Where a user's PIN stands for those who come from there. Never reaches the network. */
  PinState state(AccountName name, PinOrigin from);

  /** Where a user's PIN stands for themselves. */
  default PinState state(AccountName name) {
    return state(name, PinOrigin.OWN);
  }

  /** Tries a PIN of the user themselves. */
  default UnlockedKey unlock(AccountName name, Secret pin) throws PinRefused, KeyStoreUnavailable {
    return unlock(name, pin, PinOrigin.OWN);
  }

  /**
   * Opens the key with {@code pin} (borrowed). A wrong PIN is counted before this returns, for each
   * {@link PinOrigin} apart. At the limit ({@code hello_pin_retry_count}) of {@link PinOrigin#OWN}
   * the key and all it protects are deleted; at that of another origin nothing is, but no PIN is
   * tried from there any more until {@link #reopen}. A right PIN ends the count of its own origin.
   *
   * @throws PinRefused wrong, or not to be tried (none enrolled, locked)
   * @throws KeyStoreUnavailable the key store cannot work now; does not count. Its cause is a
   *     {@link himmelblau.api.hsm.KeyRefused} if the key will not open again; else the PIN is as
   *     good as before. The message is for the user
   */
  UnlockedKey unlock(AccountName name, Secret pin, PinOrigin from)
      throws PinRefused, KeyStoreUnavailable;

  /**
   * The user has just signed in in full, with a second factor: wrong attempts that others made are
   * forgotten. Those from {@link PinOrigin#OWN} are not. Idempotent.
   */
  void reopen(AccountName name);

  /**
   * Why {@code pin} may not be chosen (too short, too long, a simple pattern), as the text to show;
   * empty if it may.
   */
  Optional<String> objection(Secret pin);

  /** {@code hello_pin_min_length}, in bytes. */
  int minimumLength();

  /**
   * Makes a key, has it registered, and only then replaces what was there: either the old PIN works
   * or the new one, also when the process is killed in between. Resets the count.
   *
   * @param register hands the public half to the directory; its exception leaves all as it was
   */
  <X extends Exception> UnlockedKey enrol(
      AccountName name, UUID objectId, Secret pin, Registration<X> register)
      throws X, KeyStoreUnavailable;

  /** Deletes a user's key and all it protects. Idempotent. */
  void remove(AccountName name);

  /**
   * Ends offline sign-in of everybody but {@code spared} (object ids) until they have signed in
   * online again: deletes {@link UnlockedKey.Item#RENEWAL}, and whoever holds an opened key now
   * keeps nothing under it any more. PINs stay. All or nothing, on the disk when it returns;
   * idempotent.
   *
   * <p>The default deletes every key, so that nothing stays open.
   */
  default void endOffline(Set<UUID> spared) {
    removeAll();
  }

  /** Deletes every key. */
  void removeAll();
}
