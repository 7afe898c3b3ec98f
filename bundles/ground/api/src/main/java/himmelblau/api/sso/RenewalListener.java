package himmelblau.api.sso;

import himmelblau.api.account.AccountName;
import himmelblau.api.directory.Account;
import himmelblau.api.secret.Secret;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Registered by a bundle that uses what sign-ins leave. Called by the login bundle on the thread of
 * the sign-in: it may take the time of sealing a value, does not reach the network, and whatever it
 * throws does not change the result of the sign-in. Thread-safe.
 */
@ConsumerType
public interface RenewalListener {
  /**
   * A user was let in, changed the PIN or unlocked the screen.
   *
   * @param account with object id
   * @param renewal {@link himmelblau.api.domain.Session#renewal()}, borrowed
   */
  void signedIn(Account account, Secret renewal);

  /** The directory said that the account is disabled or deleted, or that this host is. */
  void ended(AccountName name);

  /** An administrator had everything forgotten that lets users in without the directory. */
  void forgetAll();
}
