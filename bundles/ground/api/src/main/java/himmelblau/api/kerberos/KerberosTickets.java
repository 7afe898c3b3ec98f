package himmelblau.api.kerberos;

import himmelblau.api.domain.SessionFeature;
import java.util.List;
import java.util.UUID;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The Kerberos tickets that came with a sign-in or a renewal (entra-tokens 6.9). Immutable; belongs
 * to its session: who needs a ticket for longer takes a copy.
 */
@ConsumerType
public interface KerberosTickets extends SessionFeature {
  /** The directory whose tickets they are. */
  UUID tenantId();

  /** At most one of each kind; those that the directory refused or spoiled are left out. */
  List<KerberosTicket> tickets();

  /** Name suffixes of the hosts that use the directory's own realm, unchecked. */
  List<String> suffixes();
}
