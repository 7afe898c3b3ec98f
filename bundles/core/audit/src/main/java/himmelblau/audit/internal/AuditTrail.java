package himmelblau.audit.internal;

import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Writes audit events behind the threads that log them, so that no sign-in waits for a disk. What
 * cannot be written is lost for the file, counted and reported; the journal has it. Thread-safe.
 */
final class AuditTrail {
  private static final Log LOG = Log.of(AuditTrail.class);
  private static final int WAITING = 4096;
  private static final String LAST = "";

  private final AuditFile file;
  private final Supplier<String> host;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>(WAITING);
  private final AtomicLong lost = new AtomicLong();
  private final Conversations conversations = new Conversations();
  private final Thread writer;
  private volatile Optional<String> trouble = Optional.empty();

  AuditTrail(AuditFile file, Supplier<String> host) {
    this.file = file;
    this.host = host;
    this.writer = Thread.ofVirtual().name("audit").start(this::work);
  }

  /** Takes a log line, of an audit event or not; never waits. */
  void add(String line) {
    if (!lines.offer(line)) {
      lost.incrementAndGet();
    }
  }

  /** Why nothing can be written now. */
  Optional<String> trouble() {
    return trouble;
  }

  /** Writes what waits, at most for {@code most}, and ends. */
  void close(Duration most) {
    try {
      if (!lines.offer(LAST) || !writer.join(most)) {
        writer.interrupt();
      }
    } catch (InterruptedException e) {
      writer.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    try {
      boolean more = true;
      while (more) {
        List<String> batch = new ArrayList<>();
        batch.add(lines.take());
        lines.drainTo(batch);
        more = !batch.contains(LAST);
        List<String> records = batch.stream().flatMap(line -> record(line).stream()).toList();
        if (!records.isEmpty()) {
          write(records);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed, and the disk took too long
    }
  }

  private Optional<String> record(String line) {
    Optional<LogEvent> event = LineReader.read(line);
    event.ifPresent(conversations::note);
    return event.flatMap(known -> AuditRecord.of(known, conversations.begin(known), host.get()));
  }

  private void write(List<String> records) {
    try {
      file.append(records);
    } catch (IOException e) {
      lost.addAndGet(records.size());
      if (trouble.isEmpty()) {
        LOG.error("audit.not_written", e, "file", file.path());
      }
      trouble =
          Optional.of(
              "Audit events are not written to "
                  + file.path()
                  + ": "
                  + reason(e)
                  + ". The journal has them.");
      return;
    }
    trouble = Optional.empty();
    long missed = lost.getAndSet(0);
    if (missed > 0) {
      LOG.audit(AuditKind.CONFIGURATION, AuditOutcome.FAILED)
          .warn("audit.events_lost", "events", missed, "file", file.path());
    }
  }

  /** An exception of the file system often says no more than a path. */
  private static String reason(IOException e) {
    return e.getClass() == IOException.class
        ? String.valueOf(e.getMessage())
        : e.getClass().getSimpleName() + " " + e.getMessage();
  }
}
