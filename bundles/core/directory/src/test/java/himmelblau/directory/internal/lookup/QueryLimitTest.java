package himmelblau.directory.internal.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QueryLimitTest {
  @Test
  void aBurstThenTwoASecond() {
    AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1); // it wraps
    QueryLimit queryLimit = new QueryLimit(now::get);
    assertEquals(240, taken(queryLimit, 1000));
    now.addAndGet(10_000_000_000L);
    assertEquals(20, taken(queryLimit, 1000));
  }

  private static int taken(QueryLimit queryLimit, int tries) {
    int taken = 0;
    for (int i = 0; i < tries; i++) {
      taken += queryLimit.take() ? 1 : 0;
    }
    return taken;
  }
}
