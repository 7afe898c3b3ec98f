package himmelblau.api.sso;

import himmelblau.api.account.AccountName;
import org.osgi.annotation.versioning.ProviderType;

/** What sign-ins left and is kept, for those who need it renewed. Thread-safe. */
@ProviderType
public interface KeptRenewals {
  /**
   * Renews with the directory what is kept of a user, now; what came with it is handed to those who
   * listen for it. Reaches the network and blocks; ends early when its thread is interrupted.
   *
   * @return whether it was renewed: false when nothing is kept, the directory does not answer, or
   *     it refuses
   */
  boolean renew(AccountName name) throws InterruptedException;
}
