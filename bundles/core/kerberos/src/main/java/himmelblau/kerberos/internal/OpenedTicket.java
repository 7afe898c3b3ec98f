package himmelblau.kerberos.internal;

import himmelblau.api.kerberos.KerberosTicket.Kind;
import himmelblau.api.secret.Secret;
import java.time.Instant;

/**
 * A ticket that was opened and checked. Closing it wipes the cache.
 *
 * @param principal whose it is, {@code name@REALM}
 * @param ends when it is of no use any more
 * @param cache a credential cache with this ticket alone, in the format of files, version 3
 */
record OpenedTicket(Kind kind, String principal, Instant ends, Secret cache)
    implements AutoCloseable {
  @Override
  public void close() {
    cache.close();
  }
}
