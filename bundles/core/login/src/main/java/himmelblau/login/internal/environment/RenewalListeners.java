package himmelblau.login.internal.environment;

import himmelblau.api.account.AccountName;
import himmelblau.api.directory.Account;
import himmelblau.api.domain.Session;
import himmelblau.api.kerberos.KerberosTickets;
import himmelblau.api.kerberos.TicketListener;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;
import himmelblau.api.sso.RenewalListener;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Tells those who use what sign-ins leave. None of them can change the result of a sign-in.
 * Thread-safe.
 */
public final class RenewalListeners {
  private static final Log LOG = Log.of(RenewalListeners.class);

  private final List<RenewalListener> listeners = new CopyOnWriteArrayList<>();
  private final List<TicketListener> ticketListeners = new CopyOnWriteArrayList<>();

  /** Adds a listener. */
  public void add(RenewalListener listener) {
    listeners.add(listener);
  }

  /** Removes a listener. */
  public void remove(RenewalListener listener) {
    listeners.remove(listener);
  }

  /** Adds a listener. */
  public void add(TicketListener listener) {
    ticketListeners.add(listener);
  }

  /** Removes a listener. */
  public void remove(TicketListener listener) {
    ticketListeners.remove(listener);
  }

  /** {@code account} was let in by {@code session}. */
  public void signedIn(Account account, Session session) {
    hand(account, session);
    if (listeners.isEmpty() || account.objectId().isEmpty()) {
      return;
    }
    Optional<Secret> renewal = session.renewal();
    if (renewal.isPresent()) {
      try (Secret secret = renewal.get()) {
        signedIn(account, secret);
      }
    }
  }

  /**
   * {@code account} was let in by what an earlier session left.
   *
   * @param renewal borrowed
   */
  public void signedIn(Account account, Secret renewal) {
    each(listener -> listener.signedIn(account, renewal));
  }

  /** The directory says that the account, or this host, is disabled or deleted. */
  public void ended(AccountName name) {
    each(listener -> listener.ended(name));
  }

  /** Everything that lets users in is forgotten. */
  public void forgetAll() {
    each(RenewalListener::forgetAll);
  }

  private void hand(Account account, Session session) {
    if (ticketListeners.isEmpty()) {
      return;
    }
    session
        .feature(KerberosTickets.class)
        .ifPresent(
            tickets ->
                each(ticketListeners, listener -> listener.received(account, true, tickets)));
  }

  private void each(Consumer<RenewalListener> call) {
    each(listeners, call);
  }

  private static <T> void each(List<T> listeners, Consumer<T> call) {
    for (T listener : listeners) {
      try {
        call.accept(listener);
      } catch (RuntimeException | LinkageError e) { // or a part that was replaced lacks a class
        LOG.error("login.renewal_listener", e, "listener", listener.getClass().getName());
      }
    }
  }
}
