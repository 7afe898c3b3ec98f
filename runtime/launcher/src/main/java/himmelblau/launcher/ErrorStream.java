package himmelblau.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;

/**
 * Log lines on standard error: {@code <N>line} when it is connected to the journal (N is the syslog
 * priority, sd-daemon(3)), otherwise with a time stamp and the name of the level.
 */
final class ErrorStream implements LineTarget {
  private final PrintStream out;
  private final boolean journal;

  ErrorStream(PrintStream out, boolean journal) {
    this.out = out;
    this.journal = journal;
  }

  /**
   * Whether the journal reads our standard error, as systemd.exec(5) says: {@code JOURNAL_STREAM}
   * names the device and the inode of the stream that was handed to the service.
   */
  static boolean isJournal(Map<String, String> environment) {
    String stream = environment.get("JOURNAL_STREAM");
    if (stream == null) {
      return false;
    }
    try {
      Map<String, Object> file = Files.readAttributes(Path.of("/proc/self/fd/2"), "unix:dev,ino");
      return stream.equals(file.get("dev") + ":" + file.get("ino"));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  @Override
  public void write(Level level, String line) {
    out.println(head(level) + line);
  }

  private String head(Level level) {
    return journal
        ? "<" + priority(level) + ">"
        : Instant.now().truncatedTo(ChronoUnit.MILLIS)
            + " "
            + level.getName().toLowerCase(Locale.ROOT)
            + " ";
  }

  /** The priority of syslog(3). */
  static int priority(Level level) {
    return switch (level) {
      case ERROR -> 3;
      case WARNING -> 4;
      case INFO -> 6;
      default -> 7;
    };
  }
}
