package himmelblau.api.kerberos;

import himmelblau.api.directory.Account;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Registered by a bundle that keeps Kerberos tickets for users. It may take the time of copying
 * them; whatever it throws does not change the result of the sign-in. Thread-safe.
 */
@ConsumerType
public interface TicketListener {
  /**
   * The directory gave tickets.
   *
   * @param account whose they are
   * @param signIn whether the user was let in; false when what the sign-in had left was renewed
   * @param tickets borrowed until the method returns
   */
  void received(Account account, boolean signIn, KerberosTickets tickets);
}
