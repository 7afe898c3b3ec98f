package himmelblau.api.domain;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What one kind of domain keeps on this host: one service for each bundle that registers {@link
 * DomainProvider}s, whether domains of its kind are configured or not. Thread-safe.
 */
@ConsumerType
public interface DomainRecords {
  /**
   * Deletes the records of all domains of this kind, also of those that are no longer configured:
   * device registrations, device keys, what was learned about tenants. What an administrator stored
   * ({@code aad-tool cred}) remains. Idempotent.
   *
   * @return the names of what was deleted, for the administrator and the log; nothing secret
   */
  List<String> deleteAll();
}
