package himmelblau.api.directory;

import himmelblau.api.account.AccountName;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Registered by a bundle that needs to know which accounts the directory has disabled. Called by
 * the directory bundle at each lookup and refresh in which a directory says it; a lookup that fails
 * or says nothing about it causes no call. Thread-safe; must not call the directory.
 */
@ConsumerType
public interface AccountStatusListener {
  /**
   * The directory said whether an account is enabled. The last call about an account counts.
   *
   * @param enabled false before the user is recorded, true only for a user that this host accepts
   */
  void heard(AccountName name, boolean enabled);
}
