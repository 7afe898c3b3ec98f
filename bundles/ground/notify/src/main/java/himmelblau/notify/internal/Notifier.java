package himmelblau.notify.internal;

import com.sun.jna.LastErrorException;
import himmelblau.api.log.Log;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends notifications to the service manager, including the watchdog, if requested. The watchdog is
 * notified only while the process works: a notification is left out when {@link Work} reports that
 * it does not.
 */
final class Notifier implements AutoCloseable {
  private static final Log LOG = Log.of(Notifier.class);

  /** Whether the process does what it is for. */
  @FunctionalInterface
  interface Work {
    /** Asked on a thread of its own before each beat; may take as long as the interval. */
    boolean isDone() throws InterruptedException;
  }

  private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

  private final Optional<NotifySocket> socket;
  private final Optional<Duration> interval;
  private final Work work;
  private volatile boolean open = true;
  private volatile boolean isReady;
  private volatile @Nullable Thread watchdog;

  private Notifier(Optional<NotifySocket> socket, Optional<Duration> interval, Work work) {
    this.socket = socket;
    this.interval = interval;
    this.work = work;
  }

  static Notifier fromEnvironment(Map<String, String> environment, Work work) {
    Optional<NotifySocket> socket =
        Optional.ofNullable(environment.get("NOTIFY_SOCKET")).map(NotifySocket::new);
    return new Notifier(socket, watchdogInterval(environment), work);
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
    isReady = true;
    interval.ifPresent(
        time -> watchdog = Thread.ofVirtual().name("watchdog").start(() -> beat(time)));
  }

  /** The configuration is being read again. Says nothing before the process was ready. */
  void reloading() {
    if (isReady) {
      // nanoTime is CLOCK_MONOTONIC, by which the service manager knows that this answers its
      // signal
      trySend("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
    }
  }

  /** The configuration has been read, whether it is used or refused. */
  void reloaded() {
    if (isReady) {
      trySend("READY=1");
    }
  }

  private void trySend(String state) {
    try {
      socket.ifPresent(s -> s.send(state));
    } catch (LastErrorException e) {
      LOG.warn("notify.failed", "reason", e.getMessage());
    }
  }

  private void beat(Duration time) {
    try {
      while (open) {
        if (work.isDone()) {
          socket.orElseThrow().send("WATCHDOG=1");
          Thread.sleep(time);
        } else {
          LOG.warn(
              "watchdog.no_answer",
              "effect",
              "the service manager restarts himmelblaud if this continues");
          Thread.sleep(ASK_AGAIN);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (LastErrorException e) {
      LOG.warn("watchdog.failed", "reason", e.getMessage());
    }
  }

  /** Sends nothing more; another process may continue. */
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
    trySend("STOPPING=1");
  }
}
