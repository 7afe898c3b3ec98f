package himmelblau.notify.internal;

import com.sun.jna.LastErrorException;
import himmelblau.api.log.Log;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the service manager is told, and the watchdog it may have asked for. */
final class Notifier implements AutoCloseable {
  private static final Log LOG = Log.of(Notifier.class);

  private final Optional<NotifySocket> socket;
  private final Optional<Duration> interval;
  private volatile boolean open = true;
  private volatile @Nullable Thread watchdog;

  private Notifier(Optional<NotifySocket> socket, Optional<Duration> interval) {
    this.socket = socket;
    this.interval = interval;
  }

  static Notifier fromEnvironment(Map<String, String> environment) {
    Optional<NotifySocket> socket =
        Optional.ofNullable(environment.get("NOTIFY_SOCKET")).map(NotifySocket::new);
    return new Notifier(socket, watchdogInterval(environment));
  }

  /** Half of WATCHDOG_USEC, as sd_watchdog_enabled(3) recommends. */
  static Optional<Duration> watchdogInterval(Map<String, String> environment) {
    String microseconds = environment.getOrDefault("WATCHDOG_USEC", "");
    if (!microseconds.matches("[1-9][0-9]{0,15}")) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofNanos(Long.parseLong(microseconds) * 500));
  }

  void ready() {
    if (socket.isEmpty()) {
      return;
    }
    socket.get().send("READY=1");
    interval.ifPresent(
        time -> watchdog = Thread.ofVirtual().name("watchdog").start(() -> beat(time)));
  }

  private void beat(Duration time) {
    try {
      while (open) {
        socket.orElseThrow().send("WATCHDOG=1");
        Thread.sleep(time);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (LastErrorException e) {
      LOG.warn("watchdog.failed", "reason", e.getMessage());
    }
  }

  /** Nothing more is said from here; somebody else may go on. */
  void fallSilent() {
    open = false;
    Thread beating = watchdog;
    if (beating != null) {
      beating.interrupt();
    }
  }

  /** The process ends. */
  @Override
  public void close() {
    fallSilent();
    try {
      socket.ifPresent(s -> s.send("STOPPING=1"));
    } catch (LastErrorException e) {
      LOG.warn("notify.failed", "reason", e.getMessage());
    }
  }
}
