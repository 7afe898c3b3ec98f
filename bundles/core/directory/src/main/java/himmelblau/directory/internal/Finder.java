package himmelblau.directory.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.directory.DirectoryConflict;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.Profile;
import himmelblau.api.log.Log;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks domains for people. One question at a time for each name, whoever waits for it; who cannot
 * wait longer leaves, and the answer is kept when it comes.
 */
final class Finder {
  private static final Log LOG = Log.of(Finder.class);
  private static final int MOST_AT_ONCE = 32;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  /** What asking came to. */
  enum Verdict {
    KNOWN,
    ABSENT,
    LATER
  }

  private record Pause(Instant until, Duration length) {}

  private final Keeper keeper;
  private final Clock clock;
  private final Map<String, CompletableFuture<Verdict>> running = new ConcurrentHashMap<>();
  private final Map<String, Pause> pauses = new ConcurrentHashMap<>();
  private final Semaphore slots = new Semaphore(MOST_AT_ONCE);

  Finder(Keeper keeper, Clock clock) {
    this.keeper = keeper;
    this.clock = clock;
  }

  /** Waits for an answer no longer than {@code budget}. */
  Verdict find(DomainProvider provider, AccountName name, Duration budget) {
    Pause pause = pauses.get(provider.domain());
    if (pause != null && clock.instant().isBefore(pause.until())) {
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
              try {
                answer.complete(askNow(provider, name));
              } catch (RuntimeException e) {
                LOG.error("directory.find-failed", e, "upn", name);
                answer.complete(Verdict.LATER);
              } finally {
                slots.release();
                running.remove(name.upn(), answer);
              }
            });
    return answer;
  }

  private Verdict askNow(DomainProvider provider, AccountName name) {
    try {
      Optional<Profile> profile = provider.profile(name);
      pauses.remove(provider.domain());
      if (profile.isEmpty()) {
        keeper.absent(name);
        return Verdict.ABSENT;
      }
      keeper.record(profile.get().person(), profile.get().groups());
      return Verdict.KNOWN;
    } catch (DirectoryConflict refused) {
      return Verdict.ABSENT; // noted; for this host there is no such user
    } catch (DomainUnavailable e) {
      Duration length =
          Optional.ofNullable(pauses.get(provider.domain()))
              .map(pause -> pause.length().multipliedBy(2))
              .filter(doubled -> doubled.compareTo(LONGEST_PAUSE) < 0)
              .orElse(pauses.containsKey(provider.domain()) ? LONGEST_PAUSE : FIRST_PAUSE);
      pauses.put(provider.domain(), new Pause(clock.instant().plus(length), length));
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

  /** The next question is asked whatever failed before. */
  void forgetPauses() {
    pauses.clear();
  }
}
