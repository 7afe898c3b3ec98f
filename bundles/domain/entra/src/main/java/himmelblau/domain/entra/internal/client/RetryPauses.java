package himmelblau.domain.entra.internal.client;

import java.time.Duration;

/**
 * How long to wait after a directory refused a credential or was not reached: the first pause,
 * which doubles each time, and the longest one.
 */
public record RetryPauses(
    Duration refused, Duration refusedMost, Duration down, Duration downMost) {
  public static final RetryPauses NORMAL =
      new RetryPauses(
          Duration.ofMinutes(1),
          Duration.ofMinutes(15),
          Duration.ofSeconds(5),
          Duration.ofMinutes(1));

  /**
   * @param before so many tries in a row have failed before this one
   */
  Duration after(boolean wasRefused, int before) {
    Duration first = wasRefused ? refused : down;
    Duration most = wasRefused ? refusedMost : downMost;
    Duration wait = first.multipliedBy(1L << Math.min(before, 10));
    return wait.compareTo(most) < 0 ? wait : most;
  }
}
