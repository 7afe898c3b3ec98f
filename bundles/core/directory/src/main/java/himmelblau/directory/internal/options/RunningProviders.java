package himmelblau.directory.internal.options;

import himmelblau.api.domain.DomainProvider;
import himmelblau.api.plugin.PluginRank;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The providers that are there now, and the tenants that they know. A provider may have to wait for
 * its tenant, so it is asked without a lock, and the answer is kept. Thread-safe.
 */
public final class RunningProviders {
  private final Map<DomainProvider, PluginRank> ranks = new ConcurrentHashMap<>();
  private final Map<DomainProvider, String> tenants = new ConcurrentHashMap<>();

  /**
   * Adds a provider, with its tenant if it knows that now. Blocks.
   *
   * @param rank of several for one domain, the first is used
   */
  public void add(DomainProvider provider, PluginRank rank) {
    ask(provider); // first: lookups use it as soon as it is there
    ranks.put(provider, rank);
  }

  public void remove(DomainProvider provider) {
    ranks.remove(provider);
    tenants.remove(provider);
  }

  /** By rank. */
  public List<DomainProvider> ordered() {
    return ranks.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Asks each for its tenant; one that does not know it now keeps what it said last. Blocks. */
  public void askTenants() {
    for (DomainProvider provider : ranks.keySet()) {
      ask(provider);
      if (!ranks.containsKey(provider)) {
        tenants.remove(provider); // removed while it was asked
      }
    }
  }

  private void ask(DomainProvider provider) {
    provider.tenantId().ifPresent(tenant -> tenants.put(provider, tenant));
  }

  /** The tenants of those that know theirs. */
  public Map<DomainProvider, String> tenants() {
    return Map.copyOf(tenants);
  }
}
