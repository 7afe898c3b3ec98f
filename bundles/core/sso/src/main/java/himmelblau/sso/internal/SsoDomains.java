package himmelblau.sso.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.sso.ResourceTokens;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The domains that are served now, and which of them give tokens. Thread-safe. */
final class SsoDomains {
  private final Map<DomainProvider, Boolean> providers = new ConcurrentHashMap<>();
  private final Map<ResourceTokens, String> tokens = new ConcurrentHashMap<>();

  /** A domain whose directory gives tokens. */
  record SsoDomain(DomainProvider provider, ResourceTokens tokens) {}

  void add(DomainProvider provider) {
    providers.put(provider, true);
  }

  void remove(DomainProvider provider) {
    providers.remove(provider);
  }

  void add(ResourceTokens service, String domain) {
    tokens.put(service, domain.toLowerCase(Locale.ROOT));
  }

  void remove(ResourceTokens service) {
    tokens.remove(service);
  }

  /** Who serves the domain of {@code name}; empty also where its directory gives no tokens. */
  Optional<SsoDomain> of(AccountName name) {
    return providers.keySet().stream()
        .filter(
            provider ->
                provider.domain().equals(name.domain())
                    || provider.aliases().contains(name.domain()))
        .flatMap(
            provider ->
                tokens.entrySet().stream()
                    .filter(entry -> entry.getValue().equals(provider.domain()))
                    .map(entry -> new SsoDomain(provider, entry.getKey())))
        .findFirst();
  }
}
