package himmelblau.notify.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.jna.LastErrorException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NotifierTest {
  @Test
  void beatsAtHalfTheWatchdogTime() {
    assertEquals(
        Optional.of(Duration.ofSeconds(60)),
        Notifier.watchdogInterval(Map.of("WATCHDOG_USEC", "120000000")));
    assertEquals(Optional.empty(), Notifier.watchdogInterval(Map.of("WATCHDOG_USEC", "soon")));
    assertEquals(Optional.empty(), Notifier.watchdogInterval(Map.of()));
  }

  @Test
  void isQuietWithoutAServiceManager() {
    try (Notifier notifier = Notifier.fromEnvironment(Map.of())) {
      notifier.ready();
    }
  }

  @Test
  void saysWhenNobodyListens() {
    Notifier notifier =
        Notifier.fromEnvironment(Map.of("NOTIFY_SOCKET", "/nonexistent/notify.sock"));
    assertThrows(LastErrorException.class, notifier::ready);
  }
}
