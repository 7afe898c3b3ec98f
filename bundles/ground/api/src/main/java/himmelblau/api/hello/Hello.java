package himmelblau.api.hello;

import himmelblau.api.account.AccountName;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.secret.Secret;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * PINs that are valid on this device only. Keys belong to the object id of the user, so a renamed
 * account keeps its PIN and a new account with an old name does not inherit one. Wrong attempts are
 * counted in the store: the count survives restarts and is per user. Thread-safe.
 */
@ProviderType
public interface Hello {
  /** The state of a user's PIN for attempts from the given origin. Never uses the network. */
  PinState state(AccountName name, PinOrigin from);

  /** The state of a user's PIN for attempts from {@link PinOrigin#OWN}. */
  default PinState state(AccountName name) {
    return state(name, PinOrigin.OWN);
  }

  /** Opens the key with a PIN from {@link PinOrigin#OWN}. */
  default UnlockedKey unlock(AccountName name, Secret pin) throws PinRefused, KeyStoreUnavailable {
    return unlock(name, pin, PinOrigin.OWN);
  }

  /**
   * Opens the key with {@code pin} (borrowed). A wrong PIN is counted before this returns,
   * separately for each {@link PinOrigin}. At the limit ({@code hello_pin_retry_count}; 1 for
   * {@link PinOrigin#OTHER_MODULE}) of {@link PinOrigin#OWN} the key and all it protects are
   * deleted; at the limit of another origin nothing is deleted, but further PINs from that origin
   * are refused until {@link #reopen}. A correct PIN resets the count of its origin.
   *
   * @throws PinRefused the PIN is wrong, or may not be tried (none enrolled, locked)
   * @throws KeyStoreUnavailable the key store cannot work now; this is not counted as a wrong PIN.
   *     Its cause is a {@link himmelblau.api.hsm.KeyRefused} if the key can never be opened again;
   *     otherwise the PIN remains valid. The message is for the user
   */
  UnlockedKey unlock(AccountName name, Secret pin, PinOrigin from)
      throws PinRefused, KeyStoreUnavailable;

  /**
   * Call when the user has completed a sign-in with a second factor: the counts of wrong attempts
   * from other origins are reset. The count of {@link PinOrigin#OWN} is not. Idempotent.
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
   * Creates a key, registers it, and only then replaces the previous one: either the old PIN or the
   * new one works, even when the process is killed in between. Resets the count.
   *
   * @param register passes the public half to the directory; if it throws, nothing is changed
   */
  <X extends Exception> UnlockedKey enrol(
      AccountName name, UUID objectId, Secret pin, Registration<X> register)
      throws X, KeyStoreUnavailable;

  /**
   * Whether {@link UnlockedKey.Item#RENEWAL} is stored for the user: without it the PIN opens
   * nothing offline. Whether it is still valid is known with the PIN only. Never uses the network.
   */
  boolean renewalKept(AccountName name);

  /** Deletes a user's key and all it protects. Idempotent. */
  void remove(AccountName name);

  /**
   * Ends offline sign-in for all users except {@code spared} (object ids) until they have signed in
   * online again: deletes {@link UnlockedKey.Item#RENEWAL}, and keys that are open now can no
   * longer store items. PINs remain valid. Atomic, and on the disk when it returns; idempotent.
   */
  void endOffline(Set<UUID> spared);

  /** Deletes every key. */
  void removeAll();
}
