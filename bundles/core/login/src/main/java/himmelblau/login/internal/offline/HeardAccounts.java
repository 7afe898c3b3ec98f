package himmelblau.login.internal.offline;

import himmelblau.api.account.AccountName;
import himmelblau.api.directory.AccountStatusListener;
import himmelblau.api.log.Log;
import himmelblau.api.store.Store;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Keeps what lookups say of accounts with what refused sign-ins have said; the last word counts. An
 * account that is disabled gets no session here, whatever lets its user in otherwise: a key, a
 * scheduled job, a PIN without the network.
 */
@Component
public final class HeardAccounts implements AccountStatusListener {
  private static final Log LOG = Log.of(HeardAccounts.class);

  private final DisabledAccounts disabled;

  @Activate
  public HeardAccounts(@Reference Store store) {
    this(new DisabledAccounts(store.area(VerifierTable.AREA, VerifierTable.MIGRATIONS)));
  }

  HeardAccounts(DisabledAccounts disabled) {
    this.disabled = disabled;
  }

  @Override
  public void heard(AccountName name, boolean enabled) {
    if (disabled.has(name) != enabled) {
      return; // known
    }
    if (enabled) {
      disabled.remove(name);
    } else {
      disabled.add(name);
    }
    LOG.info("login.account_heard", "account", name, "enabled", enabled);
  }
}
