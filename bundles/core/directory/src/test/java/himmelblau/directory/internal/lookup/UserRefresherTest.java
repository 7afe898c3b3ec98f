package himmelblau.directory.internal.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.schedule.Jitter;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UserRefresherTest {
  private static final Duration CACHE_TIMEOUT = Duration.ofMinutes(5);

  @Test
  void hostsThatStartTogetherRefreshTheirUsersAtDifferentTimes() {
    Set<Duration> pauses = new HashSet<>();
    for (int host = 0; host < 100; host++) {
      Duration pause = UserRefresher.pause(CACHE_TIMEOUT, new Jitter(new Random(host)));
      assertTrue(
          pause.toSeconds() >= 30 && pause.toSeconds() <= 60, "half a minute to one: " + pause);
      pauses.add(pause);
    }
    assertTrue(pauses.size() > 90, "so many different pauses: " + pauses.size());
  }

  @Test
  void aShortCacheTimeoutIsNotExceeded() {
    Jitter longest = new Jitter(() -> 0);
    assertEquals(Duration.ofSeconds(7), UserRefresher.pause(Duration.ofSeconds(7), longest));
  }
}
