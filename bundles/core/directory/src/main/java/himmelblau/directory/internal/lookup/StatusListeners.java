package himmelblau.directory.internal.lookup;

import himmelblau.api.account.AccountName;
import himmelblau.api.directory.AccountStatusListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Who wants to know which accounts are disabled; may be added and removed at any time. */
public final class StatusListeners implements AccountStatusListener {
  private final List<AccountStatusListener> all = new CopyOnWriteArrayList<>();

  public void add(AccountStatusListener listener) {
    all.add(listener);
  }

  public void remove(AccountStatusListener listener) {
    all.remove(listener);
  }

  @Override
  public void heard(AccountName name, boolean enabled) {
    all.forEach(listener -> listener.heard(name, enabled));
  }
}
