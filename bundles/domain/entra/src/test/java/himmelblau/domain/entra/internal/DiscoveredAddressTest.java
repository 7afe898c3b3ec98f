package himmelblau.domain.entra.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DiscoveredAddressTest {
  @Test
  void losesItsLastSlashesInNoTime() {
    String slashes = "/".repeat(4 << 20);
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          assertEquals(slashes + "x", Discovery.withoutSlashes(slashes + "x"));
          assertEquals("https://g", Discovery.withoutSlashes("https://g" + slashes));
        });
  }
}
