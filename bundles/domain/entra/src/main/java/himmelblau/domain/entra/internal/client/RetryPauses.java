package himmelblau.domain.entra.internal.client;

import himmelblau.api.schedule.Jitter;
import java.time.Duration;

/**
 * How long to wait after a directory refused a credential or was not reached: the first pause,
 * which doubles each time, and the longest one. Each is shortened by chance.
 */
public record RetryPauses(
    Duration refused, Duration refusedMost, Duration down, Duration downMost, Jitter jitter) {
  public static final RetryPauses NORMAL =
      new RetryPauses(
          Duration.ofMinutes(1),
          Duration.ofMinutes(15),
          Duration.ofSeconds(5),
          Duration.ofMinutes(1),
          Jitter.normal());

  /**
   * @param before so many tries in a row have failed before this one
   */
  Duration after(boolean wasRefused, int before) {
    Duration first = wasRefused ? refused : down;
    Duration most = wasRefused ? refusedMost : downMost;
    Duration wait = first.multipliedBy(1L << Math.min(before, 10));
    return jitter.shorten(wait.compareTo(most) < 0 ? wait : most);
  }
}
