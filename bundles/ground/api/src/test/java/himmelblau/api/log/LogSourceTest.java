package himmelblau.api.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LogSourceTest {
  @Test
  void theSourceIsTheBundleInEachOfItsPackages() {
    assertEquals("himmelblau.login", Log.source("himmelblau.login.internal"));
    assertEquals("himmelblau.login", Log.source("himmelblau.login.internal.pin"));
    assertEquals("himmelblau.hsm.envelope", Log.source("himmelblau.hsm.envelope"));
  }
}
