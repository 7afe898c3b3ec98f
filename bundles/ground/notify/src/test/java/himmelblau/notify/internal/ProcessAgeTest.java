package himmelblau.notify.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProcessAgeTest {
  private static final String STAT =
      "77 (a ) (name) S 1 77 77 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 31 0 123456 8567620000 4711 0\n";

  @Test
  void countedFromTheBoot() {
    assertEquals(Duration.ofMillis(780), ProcessAge.of(STAT, "1235.34 2000.00\n"));
    assertEquals(Duration.ZERO, ProcessAge.of(STAT, "1234.55 2000.00\n"));
  }

  @Test
  void ofThisProcess() throws Exception {
    Duration before = ProcessAge.now();
    long begin = System.nanoTime();
    Thread.sleep(300);
    long passed = ProcessAge.now().minus(before).toMillis();
    long expected = (System.nanoTime() - begin) / 1_000_000;
    assertTrue(before.isPositive());
    assertTrue(passed >= 280 && passed <= expected + 20, passed + " of " + expected);
  }
}
