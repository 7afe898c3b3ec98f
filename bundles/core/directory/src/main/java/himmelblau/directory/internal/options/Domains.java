package himmelblau.directory.internal.options;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainProvider;
import himmelblau.directory.internal.ids.IdRange;
import himmelblau.directory.internal.ids.ReservedIds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The configured domains, their providers, and which of them may assign ids: a range that overlaps
 * the range of another tenant, or ids of the host, is refused with a reason. Immutable.
 */
public final class Domains {
  private final Map<String, DomainSettings> settings = new HashMap<>();
  private final Map<String, DomainProvider> providers = new HashMap<>();
  private final Map<String, String> refusals = new HashMap<>();
  private boolean undecided;

  /** A separate tenant, as far as is known. */
  private static final String UNKNOWN = "domain ";

  private record Accepted(String domain, String tenant, IdRange range) {}

  /**
   * @param order the configured domains, the primary first
   * @param running of several providers of one domain, the first is used
   * @param tenants of the providers that know theirs
   */
  public Domains(
      List<String> order,
      List<DomainSettings> configured,
      List<DomainProvider> running,
      Map<DomainProvider, String> tenants,
      IdRange subids) {
    running.forEach(provider -> providers.putIfAbsent(provider.domain(), provider));
    List<DomainSettings> sorted = new ArrayList<>(configured);
    sorted.sort((a, b) -> Integer.compare(place(order, a.domain()), place(order, b.domain())));
    List<Accepted> accepted = new ArrayList<>();
    for (DomainSettings domain : sorted) {
      settings.put(domain.domain(), domain);
      domain.aliases().forEach(alias -> settings.putIfAbsent(alias, domain));
      check(domain, accepted, tenants, subids).ifPresent(why -> refusals.put(domain.domain(), why));
    }
    for (DomainProvider provider : running) {
      DomainSettings own = settings.get(provider.domain());
      for (String alias : provider.aliases()) {
        providers.putIfAbsent(alias, provider);
        if (own != null) {
          settings.putIfAbsent(alias, own);
        }
      }
    }
  }

  private static int place(List<String> order, String domain) {
    int place = order.indexOf(domain);
    return place < 0 ? Integer.MAX_VALUE : place;
  }

  private Optional<String> check(
      DomainSettings domain,
      List<Accepted> accepted,
      Map<DomainProvider, String> tenants,
      IdRange subids) {
    IdRange range = domain.range();
    if (range.max() < range.min()) {
      return Optional.of("idmap_range " + range + " of " + domain.domain() + " is empty");
    }
    Optional<String> owner = ReservedIds.touching(range);
    if (owner.isPresent()) {
      return Optional.of(
          "idmap_range " + range + " of " + domain.domain() + " overlaps ids of " + owner.get());
    }
    if (range.overlaps(subids)) {
      return Optional.of(
          "idmap_range " + range + " of " + domain.domain() + " overlaps subid_range " + subids);
    }
    String tenant = tenant(domain.domain(), tenants);
    for (Accepted other : accepted) {
      if (other.tenant().equals(tenant)) {
        // One tenant has one range, that of its first domain.
        return other.range().equals(range)
            ? Optional.empty()
            : Optional.of(
                "idmap_range "
                    + range
                    + " of "
                    + domain.domain()
                    + " differs from that of "
                    + other.domain()
                    + ", a domain of the same tenant");
      }
      if (other.range().overlaps(range)) {
        undecided |= unknown(tenant) || unknown(other.tenant());
        return Optional.of(
            "idmap_range "
                + range
                + " of "
                + domain.domain()
                + " overlaps "
                + other.range()
                + " of "
                + other.domain()
                + "; give each tenant its own idmap_range");
      }
    }
    accepted.add(new Accepted(domain.domain(), tenant, range));
    return Optional.empty();
  }

  private String tenant(String domain, Map<DomainProvider, String> tenants) {
    DomainProvider provider = providers.get(domain);
    String known = provider == null ? null : tenants.get(provider);
    return known == null ? UNKNOWN + domain : known;
  }

  private static boolean unknown(String tenant) {
    return tenant.startsWith(UNKNOWN);
  }

  /**
   * Whether a domain was refused that may belong to the same tenant as the one it overlaps: its
   * tenant is not known yet.
   */
  public boolean undecided() {
    return undecided;
  }

  public boolean configured(String domain) {
    return settings.containsKey(domain);
  }

  /** With aliases. */
  public Set<String> names() {
    return Set.copyOf(settings.keySet());
  }

  public Optional<DomainSettings> of(AccountName name) {
    return Optional.ofNullable(settings.get(name.domain()));
  }

  public Optional<DomainProvider> provider(AccountName name) {
    return Optional.ofNullable(providers.get(name.domain()));
  }

  /** Each provider once. */
  public List<DomainProvider> providers() {
    return providers.values().stream().distinct().toList();
  }

  public Optional<DomainSettings> named(String domain) {
    return Optional.ofNullable(settings.get(domain));
  }

  /** Why no user of this domain can have an id. */
  public Optional<String> refusal(AccountName name) {
    return refusal(name.domain());
  }

  /** Why no user and no group of this domain can have an id. */
  public Optional<String> refusal(String name) {
    DomainSettings domain = settings.get(name);
    return domain == null
        ? Optional.of("the domain " + name + " is not configured")
        : Optional.ofNullable(refusals.get(domain.domain()));
  }

  public List<String> refusals() {
    return List.copyOf(refusals.values());
  }
}
