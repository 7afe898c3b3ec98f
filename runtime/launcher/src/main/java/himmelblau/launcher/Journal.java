package himmelblau.launcher;

import java.lang.System.Logger.Level;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes entries with fields to the journal. What the socket does not accept goes to standard
 * error, which the journal also reads: the line is then present without the fields.
 */
final class Journal implements LineTarget {
  private final String identifier;
  private final LineTarget otherwise;
  private final Supplier<Predicate<byte[]>> opening;
  private volatile @Nullable Predicate<byte[]> socket;

  /**
   * @param opening called once, with the first line: it loads a native library, for which nobody
   *     who logs nothing shall wait
   */
  Journal(String identifier, LineTarget otherwise, Supplier<Predicate<byte[]>> opening) {
    this.identifier = identifier;
    this.otherwise = otherwise;
    this.opening = opening;
  }

  /** That of this host. */
  static Journal ofHost(LineTarget otherwise) {
    String process = System.getProperty("himmelblau.process", "daemon");
    return new Journal(
        process.equals("daemon") ? "himmelblaud" : "himmelblaud_tasks",
        otherwise,
        () -> new JournalSocket(JournalSocket.PLACE)::send);
  }

  @Override
  public void write(Level level, String line) {
    if (!socket().test(JournalEntry.of(identifier, level, line))) {
      otherwise.write(level, line);
    }
  }

  private Predicate<byte[]> socket() {
    Predicate<byte[]> open = socket;
    if (open != null) {
      return open;
    }
    synchronized (this) {
      open = socket;
      if (open == null) {
        socket = entry -> false; // should opening it log something
        open = open();
        socket = open;
      }
      return open;
    }
  }

  private Predicate<byte[]> open() {
    try {
      return opening.get();
    } catch (RuntimeException | LinkageError e) {
      // No native library, no descriptor left: the line matters more than its fields.
      otherwise.write(
          Level.WARNING,
          "himmelblau.launcher journal.fields.unavailable cause=" + e.getClass().getSimpleName());
      return entry -> false;
    }
  }
}
