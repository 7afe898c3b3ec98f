package himmelblau.domain.entra.internal.signin;

import himmelblau.domain.entra.internal.wire.Json;
import java.time.Duration;
import java.util.Optional;

/**
 * How often and how long the second factor's service lets itself be asked whether a user has
 * answered (entra-interactive 1.5, 1.6 and 4.5).
 *
 * <p>A page names an interval for old clients with a number of attempts that goes with it, and a
 * shorter interval per method with a time limit. The shorter one is used as far as the attempts
 * last for the whole time; they are never exceeded.
 *
 * @param interval between two polls
 * @param deadline from the prompt on
 * @param polls how many may be sent
 */
record PollPace(Duration interval, Duration deadline, int polls) {
  private static final int ATTEMPTS = 180;
  private static final long MILLIS = 5000;

  static PollPace of(Json page, String method) {
    // One more than the page says: the first is number 0.
    int polls = (int) clamp(page.number("iMaxPollAttempts").orElse(ATTEMPTS), 0, 1000) + 1;
    long each = clamp(page.number("iPollingInterval").orElse(MILLIS), 500, 30_000);
    long time =
        clamp(
            Math.min(page.number("iPollingTimeout").orElse(Long.MAX_VALUE), polls * each),
            1000,
            900_000);
    Optional<Double> own =
        page.object("oPerAuthPollingInterval").flatMap(all -> all.decimal(method));
    long wanted = own.map(s -> clamp((long) (s * 1000), 500, 30_000)).orElse(each);
    return new PollPace(
        Duration.ofMillis(Math.max(wanted, time / polls)), Duration.ofMillis(time), polls);
  }

  private static long clamp(long value, long least, long most) {
    return Math.min(Math.max(value, least), most);
  }
}
