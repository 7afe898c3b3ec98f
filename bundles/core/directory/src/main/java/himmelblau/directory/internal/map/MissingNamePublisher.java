package himmelblau.directory.internal.map;

import himmelblau.api.log.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Publishes names that do not exist in the map: the first one at once, those that follow within a
 * short time together. Each write waits for the disk, and anyone may ask for any number of names.
 * Thread-safe.
 */
final class MissingNamePublisher {
  private static final Log LOG = Log.of(MissingNamePublisher.class);
  private static final Duration PAUSE = Duration.ofMillis(250);

  private final Consumer<Map<String, Instant>> writer;
  private final Map<String, Instant> waiting = new HashMap<>();
  private boolean pausing;

  /**
   * @param writer gets names and until when they are missing
   */
  MissingNamePublisher(Consumer<Map<String, Instant>> writer) {
    this.writer = writer;
  }

  synchronized void add(Map<String, Instant> names) {
    if (pausing) {
      waiting.putAll(names);
      return;
    }
    writer.accept(names);
    pausing = true;
    Thread.ofVirtual().name("directory-absentees").start(this::gather);
  }

  /** When this returns, none of {@code names} is about to be written. */
  synchronized void drop(Collection<String> names) {
    waiting.keySet().removeAll(names);
  }

  synchronized void clear() {
    waiting.clear();
  }

  private void gather() {
    try {
      do {
        Thread.sleep(PAUSE);
      } while (wrote());
    } catch (InterruptedException stop) {
      // nobody does that
    }
  }

  private synchronized boolean wrote() {
    pausing = !waiting.isEmpty();
    if (pausing) {
      Map<String, Instant> names = Map.copyOf(waiting);
      waiting.clear();
      try {
        writer.accept(names);
      } catch (RuntimeException e) {
        LOG.error("directory.absentees_failed", e);
      }
    }
    return pausing;
  }
}
