package himmelblau.directory.internal.lookup;

import himmelblau.api.domain.DomainProvider;
import himmelblau.api.schedule.Jitter;
import himmelblau.api.store.Area;
import himmelblau.directory.internal.setup.DirectorySetup;
import himmelblau.directory.internal.store.StoredUser;
import himmelblau.directory.internal.store.UserTable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Refreshes users in the background. Lookups are answered by the map without the daemon, so nothing
 * else would notice that a user no longer exists; asks the directory about a few users at a time,
 * the oldest first.
 */
public final class UserRefresher implements Runnable {
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final int MOST = 20;

  private final Area area;
  private final Supplier<DirectorySetup> setup;
  private final AccountFinder finder;
  private final Clock clock;
  private final Jitter jitter = Jitter.normal();
  private final LinkedBlockingQueue<Boolean> nudges = new LinkedBlockingQueue<>();

  public UserRefresher(
      Area area, Supplier<DirectorySetup> setup, AccountFinder finder, Clock clock) {
    this.area = area;
    this.setup = setup;
    this.finder = finder;
    this.clock = clock;
  }

  @Override
  public void run() {
    try {
      while (true) {
        Duration pause = pause(setup.get().settings().cacheTimeout(), jitter);
        if (nudges.poll(pause.toMillis(), TimeUnit.MILLISECONDS) == null) {
          sweep();
        }
      }
    } catch (InterruptedException stop) {
      // deactivated
    }
  }

  /** Another one each time, so that no two hosts stay in step. */
  public static Duration pause(Duration cacheTimeout, Jitter jitter) {
    return jitter.shorten(cacheTimeout.compareTo(LONGEST_PAUSE) < 0 ? cacheTimeout : LONGEST_PAUSE);
  }

  /** The options have changed: the pause begins again. */
  public void nudge() {
    nudges.add(true);
  }

  void sweep() {
    DirectorySetup now = setup.get();
    Instant time = clock.instant();
    Instant before = time.minus(now.settings().cacheTimeout());
    for (StoredUser user : area.read(c -> UserTable.stale(c, before, time, MOST))) {
      Optional<DomainProvider> provider = now.domains().provider(user.name());
      if (provider.isPresent()
          && finder.find(provider.get(), user.name(), Duration.ofSeconds(15))
              == AccountFinder.Verdict.LATER) {
        return; // offline or throttled: another time
      }
    }
  }
}
