package himmelblau.directory.internal.lookup;

import himmelblau.api.account.Group;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.log.Log;
import himmelblau.directory.internal.map.DirectoryCache;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks the domains for a group that has no known member. Concurrent lookups of one object id share
 * one query; a caller whose time is up returns without waiting for it, and the result is stored
 * when it arrives.
 */
final class GroupFinder {
  private static final Log LOG = Log.of(GroupFinder.class);
  private static final int MOST_AT_ONCE = 8;
  private static final int MOST_QUIET = 1024;
  private static final Duration ABSENT = Duration.ofSeconds(30);
  private static final Duration FAILED = Duration.ofSeconds(5);

  private final DirectoryCache cache;
  private final Clock clock;
  private final Map<UUID, CompletableFuture<AccountFinder.Verdict>> running =
      new ConcurrentHashMap<>();
  private final Semaphore slots = new Semaphore(MOST_AT_ONCE);

  /** Not asked for again until then: absent (true), or the directory could not tell. */
  private final LinkedHashMap<UUID, Quiet> quiet = new LinkedHashMap<>();

  private record Quiet(boolean absent, Instant since, Instant until) {}

  GroupFinder(DirectoryCache cache, Clock clock) {
    this.cache = cache;
    this.clock = clock;
  }

  /** Waits for an answer no longer than {@code budget}. */
  AccountFinder.Verdict find(List<DomainProvider> providers, UUID id, Duration budget) {
    Optional<Quiet> known = quiet(id);
    if (known.isPresent()) {
      return known.get().absent() ? AccountFinder.Verdict.ABSENT : AccountFinder.Verdict.LATER;
    }
    CompletableFuture<AccountFinder.Verdict> answer =
        running.computeIfAbsent(id, key -> ask(providers, id));
    if (answer.isDone()) {
      running.remove(id, answer); // never begun: too many at once
    }
    try {
      return answer.get(Math.max(1, budget.toMillis()), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException later) {
      return AccountFinder.Verdict.LATER;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return AccountFinder.Verdict.LATER;
    }
  }

  private CompletableFuture<AccountFinder.Verdict> ask(List<DomainProvider> providers, UUID id) {
    CompletableFuture<AccountFinder.Verdict> answer = new CompletableFuture<>();
    if (!slots.tryAcquire()) {
      answer.complete(AccountFinder.Verdict.LATER);
      return answer;
    }
    Thread.ofVirtual()
        .name("directory-find-group")
        .start(
            () -> {
              try {
                answer.complete(askNow(providers, id));
              } catch (RuntimeException e) {
                LOG.error("directory.find_failed", e, "group", id);
                answer.complete(AccountFinder.Verdict.LATER);
              } finally {
                slots.release();
                running.remove(id, answer);
              }
            });
    return answer;
  }

  private AccountFinder.Verdict askNow(List<DomainProvider> providers, UUID id) {
    boolean all = true;
    for (DomainProvider provider : providers) {
      try {
        Optional<Group> group = provider.group(id);
        if (group.isPresent()) {
          boolean kept = cache.record(group.get(), provider.domain()).isPresent();
          return kept ? AccountFinder.Verdict.KNOWN : silence(id, true, ABSENT);
        }
      } catch (DomainUnavailable e) {
        all = false;
        LOG.warn(
            "directory.group_unavailable",
            "domain",
            provider.domain(),
            "group",
            id,
            "reason",
            e.getMessage());
      }
    }
    return all ? silence(id, true, ABSENT) : silence(id, false, FAILED);
  }

  private synchronized AccountFinder.Verdict silence(UUID id, boolean absent, Duration length) {
    quiet.remove(id);
    Instant now = clock.instant();
    quiet.put(id, new Quiet(absent, now, now.plus(length)));
    if (quiet.size() > MOST_QUIET) {
      quiet.remove(quiet.keySet().iterator().next());
    }
    return absent ? AccountFinder.Verdict.ABSENT : AccountFinder.Verdict.LATER;
  }

  /** What begins in the future was made before the clock was set back: it is over. */
  private synchronized Optional<Quiet> quiet(UUID id) {
    Instant now = clock.instant();
    return Optional.ofNullable(quiet.get(id))
        .filter(q -> now.isBefore(q.until()) && !now.isBefore(q.since()));
  }

  /** Ends the pause: the next query is sent whatever was answered before. */
  synchronized void forget() {
    quiet.clear();
  }
}
