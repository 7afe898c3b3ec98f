package himmelblau.directory.internal.lookup;

import himmelblau.api.schedule.Jitter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is not asked again for a while, after it could not be answered: at first for some seconds,
 * then for twice as long each time. The end of each pause is brought forward by chance, because an
 * outage begins for all hosts at once. Thread-safe.
 */
public final class QueryPauses {
  private static final Duration FIRST = Duration.ofSeconds(5);

  private record Pause(Instant until, Duration length) {}

  private final Clock clock;
  private final Jitter jitter;
  private final Map<String, Pause> pauses;

  /**
   * @param most the oldest pause ends when there are more
   */
  public QueryPauses(int most, Clock clock, Jitter jitter) {
    this.clock = clock;
    this.jitter = jitter;
    this.pauses =
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Pause> eldest) {
            return size() > most;
          }
        };
  }

  /** One that is longer than it was made was made before the clock was set back: it is over. */
  public synchronized boolean lasts(String what) {
    @Nullable Pause pause = pauses.get(what);
    if (pause == null) {
      return false;
    }
    Duration left = Duration.between(clock.instant(), pause.until());
    return left.isPositive() && left.compareTo(pause.length()) <= 0;
  }

  /**
   * Begins a pause after another failure.
   *
   * @param longest that it lasts
   * @return how long it lasts
   */
  public synchronized Duration begin(String what, Duration longest) {
    @Nullable Pause before = pauses.get(what);
    Duration twice = before == null ? FIRST : before.length().multipliedBy(2);
    Duration length = twice.compareTo(longest) < 0 ? twice : longest;
    Duration lasts = jitter.shorten(length);
    pauses.put(what, new Pause(clock.instant().plus(lasts), length));
    return lasts;
  }

  /** It was answered. */
  public synchronized void end(String what) {
    pauses.remove(what);
  }

  public synchronized void endAll() {
    pauses.clear();
  }
}
