package himmelblau.sso.internal;

import himmelblau.api.sso.IssuedToken;
import himmelblau.api.sso.TokenRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Tokens that were issued lately, in memory only; what leaves is wiped. A token is given to the
 * account, application, scopes and key that it was issued for, and to nobody else. Thread-safe.
 */
final class TokenCache {
  private static final int MOST_OF_A_USER = 64;
  private static final int MOST_USERS = 1024;

  /** Programs use a token for a while after they have got it. */
  private static final Duration EARLY = Duration.ofMinutes(5);

  private final InstantSource clock;
  private final Map<UUID, Map<Key, IssuedToken>> users = lru();

  TokenCache(InstantSource clock) {
    this.clock = clock;
  }

  private record Key(
      String clientId, Optional<String> redirectUri, List<String> scopes, Optional<String> pop) {
    static Key of(TokenRequest request) {
      return new Key(
          request.clientId(),
          request.redirectUri(),
          request.scopes().stream().distinct().sorted().toList(),
          request.popKey());
    }
  }

  private static <K, V> Map<K, V> lru() {
    return new LinkedHashMap<>(16, 0.75f, true);
  }

  /** What {@code use} makes of a kept token, which it borrows. */
  interface Use {
    String of(IssuedToken token);
  }

  /** Uses a kept token, unless it expires soon. */
  synchronized Optional<String> use(UUID user, TokenRequest request, Use use) {
    IssuedToken kept = users.getOrDefault(user, Map.of()).get(Key.of(request));
    Instant soon = clock.instant().plus(EARLY);
    return kept == null || !kept.expires().isAfter(soon)
        ? Optional.empty()
        : Optional.of(use.of(kept));
  }

  /** Takes over {@code token}. */
  synchronized void keep(UUID user, TokenRequest request, IssuedToken token) {
    Map<Key, IssuedToken> tokens = users.computeIfAbsent(user, ignored -> lru());
    IssuedToken before = tokens.put(Key.of(request), token);
    if (before != null) {
      before.close();
    }
    if (tokens.size() > MOST_OF_A_USER) {
      removeEldest(tokens).close();
    }
    if (users.size() > MOST_USERS) {
      removeEldest(users).values().forEach(IssuedToken::close);
    }
  }

  private static <V> V removeEldest(Map<?, V> map) {
    Iterator<V> values = map.values().iterator();
    V eldest = values.next();
    values.remove();
    return eldest;
  }

  /** Wipes the tokens of one application of a user. */
  synchronized void drop(UUID user, String clientId) {
    Map<Key, IssuedToken> tokens = users.get(user);
    if (tokens == null) {
      return;
    }
    tokens
        .entrySet()
        .removeIf(
            entry -> {
              boolean its = entry.getKey().clientId().equalsIgnoreCase(clientId);
              if (its) {
                entry.getValue().close();
              }
              return its;
            });
  }

  /** Wipes all tokens of a user. */
  synchronized void drop(UUID user) {
    Map<Key, IssuedToken> tokens = users.remove(user);
    if (tokens != null) {
      tokens.values().forEach(IssuedToken::close);
    }
  }

  synchronized void dropAll() {
    users.values().forEach(tokens -> tokens.values().forEach(IssuedToken::close));
    users.clear();
  }
}
