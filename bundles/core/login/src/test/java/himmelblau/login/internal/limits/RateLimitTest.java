package himmelblau.login.internal.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L); // it wraps

  @Test
  void aBurstThenARate() {
    RateLimit allowance = new RateLimit(Duration.ofSeconds(10), 3, now::get);
    for (int i = 0; i < 3; i++) {
      assertTrue(allowance.take("a"));
    }
    assertFalse(allowance.take("a"));
    assertTrue(allowance.take("b"), "each key has its own");
    now.addAndGet(Duration.ofSeconds(10).toNanos());
    assertTrue(allowance.take("a"));
    assertFalse(allowance.take("a"));
  }

  @Test
  void unknownNamesHaveOneForAllAndOneForEachUser() {
    UnknownNameLimit names = new UnknownNameLimit(now::get);
    int one = 0;
    for (int i = 0; i < 100; i++) {
      one += names.mayAsk(1000) ? 1 : 0;
    }
    assertEquals(10, one);
    int all = one;
    for (int i = 0; i < 1000; i++) {
      all += names.mayAsk(2000 + i) ? 1 : 0;
    }
    assertEquals(60, all);
    assertFalse(names.mayAsk(0), "remote logins ask as root");
  }
}
