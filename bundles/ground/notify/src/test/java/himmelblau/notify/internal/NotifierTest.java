package himmelblau.notify.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.LastErrorException;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
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
    try (Notifier notifier = Notifier.fromEnvironment(Map.of(), () -> true)) {
      notifier.ready();
    }
  }

  /** Components are made and closed on threads of others. */
  @Test
  void closingInterruptsNoOtherThread() throws Exception {
    AtomicBoolean interrupted = new AtomicBoolean();
    Thread.ofVirtual()
        .start(
            () -> {
              Notifier.fromEnvironment(Map.of(), () -> true).close();
              interrupted.set(Thread.interrupted());
            })
        .join();
    assertFalse(interrupted.get());
  }

  @Test
  void reportsAMissingServiceManager() {
    Notifier notifier =
        Notifier.fromEnvironment(Map.of("NOTIFY_SOCKET", "/nonexistent/notify.sock"), () -> true);
    assertThrows(LastErrorException.class, notifier::ready);
  }

  /** Type=notify-reload of systemd.service(5); nothing before the process was ready. */
  @Test
  void framesAReloadAndLeavesOutBeatsWhileNothingWorks() throws Exception {
    Path path = Files.createTempDirectory("notify").resolve("socket");
    Process listener =
        new ProcessBuilder(
                "python3",
                "-c",
                "import socket, sys\n"
                    + "s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)\n"
                    + "s.bind(sys.argv[1]); print('bound', flush=True)\n"
                    + "while True: print(s.recv(999).decode().replace('\\n', ' '), flush=True)",
                path.toString())
            .start();
    try (BufferedReader heard = listener.inputReader()) {
      assertEquals("bound", heard.readLine());
      AtomicBoolean works = new AtomicBoolean();
      try (Notifier notifier =
          Notifier.fromEnvironment(
              Map.of("NOTIFY_SOCKET", path.toString(), "WATCHDOG_USEC", "20000"), works::get)) {
        notifier.reloading();
        notifier.reloaded();
        notifier.ready();
        assertEquals("READY=1", heard.readLine());
        notifier.reloading();
        String reloading = heard.readLine();
        assertTrue(reloading.matches("RELOADING=1 MONOTONIC_USEC=[1-9][0-9]+"), reloading);
        notifier.reloaded();
        assertEquals("READY=1", heard.readLine()); // and no beat in between
        works.set(true);
        assertEquals("WATCHDOG=1", heard.readLine());
      }
    } finally {
      listener.destroyForcibly();
    }
  }
}
