package himmelblau.notify.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.jna.LastErrorException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
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

  /** Components are made and closed on threads of others. */
  @Test
  void closingInterruptsNobodyElse() throws Exception {
    AtomicBoolean interrupted = new AtomicBoolean();
    Thread.ofVirtual()
        .start(
            () -> {
              Notifier.fromEnvironment(Map.of()).close();
              interrupted.set(Thread.interrupted());
            })
        .join();
    assertFalse(interrupted.get());
  }

  @Test
  void saysWhenNobodyListens() {
    Notifier notifier =
        Notifier.fromEnvironment(Map.of("NOTIFY_SOCKET", "/nonexistent/notify.sock"));
    assertThrows(LastErrorException.class, notifier::ready);
  }
}
