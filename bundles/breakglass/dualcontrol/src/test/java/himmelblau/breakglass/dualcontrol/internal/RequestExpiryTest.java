package himmelblau.breakglass.dualcontrol.internal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.breakglass.window.BootClock;
import himmelblau.testing.doubles.SqliteArea;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RequestExpiryTest {
  @TempDir Path folder;
  private final long begun = System.nanoTime();
  private volatile Duration ahead = Duration.ZERO;

  private final BootClock clock =
      new BootClock() {
        @Override
        public Duration now() {
          return Duration.ofNanos(System.nanoTime() - begun).plus(ahead);
        }

        @Override
        public String boot() {
          return "this";
        }
      };

  @Test
  void aRequestEndsWithoutAnybodyLooking() throws Exception {
    RequestTable table =
        new RequestTable(new SqliteArea(folder.resolve("db"), DualControl.MIGRATIONS));
    PendingRequest request = new PendingRequest(table, clock);
    try (RequestExpiry expiry = new RequestExpiry(request)) {
      request.ask(1001, Duration.ofHours(1));
      ahead = PendingRequest.VALID.minusSeconds(2);
      expiry.begin();
      Thread.sleep(200);
      assertTrue(table.read().isPresent(), "it is still valid");
      while (table.read().isPresent()) {
        Thread.sleep(5);
      }
    }
  }
}
