package himmelblau.directory.internal.lookup;

import himmelblau.api.account.AccountName;
import himmelblau.api.directory.AccountStatusListener;
import himmelblau.api.directory.DirectoryConflict;
import himmelblau.api.domain.AccountStatus;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.DomainUnavailable.Kind;
import himmelblau.api.domain.UserWithGroups;
import himmelblau.api.log.Log;
import himmelblau.api.schedule.Jitter;
import himmelblau.directory.internal.map.DirectoryCache;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks the domains for users. Concurrent lookups of one name share one query; a caller whose time
 * is up returns without waiting for it, and the result is stored when it arrives.
 */
public final class AccountFinder {
  private static final Log LOG = Log.of(AccountFinder.class);
  private static final int MOST_AT_ONCE = 32;

  /** A busy directory is not asked for a while; a recovered network is noticed soon. */
  private static final Map<Kind, Duration> LONGEST_PAUSE =
      Map.of(Kind.TEMPORARY, Duration.ofMinutes(5), Kind.NETWORK, Duration.ofSeconds(15));

  private static final Duration SHORT_PAUSE = Duration.ofSeconds(5);
  private static final int MOST_DOMAINS = 1024;
  private static final int MOST_ODD = 1024;

  /** What asking came to. */
  enum Verdict {
    KNOWN,
    ABSENT,
    LATER
  }

  private final DirectoryCache cache;
  private final AccountStatusListener status;
  private final Map<String, CompletableFuture<Verdict>> running = new ConcurrentHashMap<>();

  /** By domain. */
  private final QueryPauses pauses;

  /** By account: an invalid answer about one account is no reason not to ask about others. */
  private final QueryPauses odd;

  private final Semaphore slots = new Semaphore(MOST_AT_ONCE);

  /**
   * @param status is told what the directory says of an account, before others see the account
   */
  public AccountFinder(
      DirectoryCache cache, AccountStatusListener status, Clock clock, Jitter jitter) {
    this.cache = cache;
    this.status = status;
    this.pauses = new QueryPauses(MOST_DOMAINS, clock, jitter);
    this.odd = new QueryPauses(MOST_ODD, clock, jitter);
  }

  /** Whether a query for this name is in progress, so that waiting for it adds no query. */
  boolean asking(AccountName name) {
    return running.containsKey(name.upn());
  }

  /** Waits for an answer no longer than {@code budget}. */
  Verdict find(DomainProvider provider, AccountName name, Duration budget) {
    if (pauses.lasts(provider.domain()) || odd.lasts(name.upn())) {
      return Verdict.LATER;
    }
    CompletableFuture<Verdict> answer =
        running.computeIfAbsent(name.upn(), key -> ask(provider, name));
    if (answer.isDone()) {
      running.remove(name.upn(), answer); // never begun: too many at once
    }
    try {
      return answer.get(Math.max(1, budget.toMillis()), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException later) {
      return Verdict.LATER;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Verdict.LATER;
    }
  }

  /** Asks without waiting. */
  void refresh(DomainProvider provider, AccountName name) {
    find(provider, name, Duration.ofMillis(1));
  }

  private CompletableFuture<Verdict> ask(DomainProvider provider, AccountName name) {
    CompletableFuture<Verdict> answer = new CompletableFuture<>();
    if (!slots.tryAcquire()) {
      answer.complete(Verdict.LATER);
      return answer;
    }
    Thread.ofVirtual()
        .name("directory-find")
        .start(
            () -> {
              Verdict verdict = Verdict.LATER;
              try {
                verdict = askNow(provider, name);
              } catch (RuntimeException e) {
                LOG.error("directory.find_failed", e, "upn", name);
              } finally {
                slots.release();
                running.remove(name.upn(), answer); // before: a later caller sends a new query
                answer.complete(verdict);
              }
            });
    return answer;
  }

  private Verdict askNow(DomainProvider provider, AccountName name) {
    try {
      Optional<UserWithGroups> profile = provider.findWithGroups(name);
      pauses.end(provider.domain());
      odd.end(name.upn());
      if (profile.isEmpty()) {
        cache.absent(name);
        return Verdict.ABSENT;
      }
      record(profile.get());
      return Verdict.KNOWN;
    } catch (DirectoryConflict refused) {
      return Verdict.ABSENT; // noted; for this host there is no such user
    } catch (DomainUnavailable e) {
      Duration length =
          e.kind() == Kind.PROTOCOL
              ? odd.begin(name.upn(), SHORT_PAUSE)
              : pauses.begin(provider.domain(), LONGEST_PAUSE.getOrDefault(e.kind(), SHORT_PAUSE));
      LOG.warn(
          "directory.unavailable",
          "domain",
          provider.domain(),
          "kind",
          e.kind(),
          "again-in",
          length,
          "reason",
          e.getMessage());
      return Verdict.LATER;
    }
  }

  /** That an account is enabled counts only if it is the one that this host knows by its name. */
  private void record(UserWithGroups found) throws DirectoryConflict {
    AccountName name = found.user().name();
    if (found.status() == AccountStatus.DISABLED) {
      status.heard(name, false);
    }
    cache.record(found.user(), found.groups());
    if (found.status() == AccountStatus.ENABLED) {
      status.heard(name, true);
    }
  }

  /** Ends the pause: the next query is sent whatever failed before. */
  void forgetPauses() {
    pauses.endAll();
    odd.endAll();
  }
}
