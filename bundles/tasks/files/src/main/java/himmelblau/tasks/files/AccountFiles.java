package himmelblau.tasks.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Line-based files such as {@code /etc/group}, edited under the host's lock and replaced
 * atomically. Lines are bytes, one character each ({@link #raw}): other content survives unchanged
 * whatever its encoding. Thread-safe.
 */
public final class AccountFiles {
  private static final int MOST = 64 << 20;

  private final String directory;
  private final Path lockDirectory;

  /**
   * Files of a trusted directory.
   *
   * @param directory where the files are
   * @param lockDirectory where the host's lock is: {@code /etc}
   */
  public AccountFiles(String directory, String lockDirectory) {
    this.directory = directory;
    this.lockDirectory = Path.of(lockDirectory);
  }

  /** Work under the lock. */
  @FunctionalInterface
  public interface Work<T extends @Nullable Object> {
    T run() throws IOException, InterruptedException;
  }

  /** Runs {@code work} while no other program changes account files. */
  public <T extends @Nullable Object> T locked(Work<T> work)
      throws IOException, InterruptedException {
    AccountLock lock = AccountLock.take(lockDirectory);
    try {
      return work.run();
    } finally {
      lock.close();
    }
  }

  /** {@code text} as it is written in a line. */
  public static String raw(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** The lines of a file; none if it does not exist. */
  public List<String> lines(String name) throws IOException {
    try (SafeDirectory files = SafeDirectory.openTrusted(directory)) {
      return files.entry(name).isEmpty() ? List.of() : read(files, name);
    }
  }

  private static List<String> read(SafeDirectory files, String name) throws IOException {
    try (SafeFile file = files.openFile(name)) {
      String all = new String(file.readAll(MOST), StandardCharsets.ISO_8859_1);
      List<String> lines = new ArrayList<>(List.of(all.split("\n", -1)));
      if (lines.getLast().isEmpty()) {
        lines.removeLast();
      }
      return lines;
    }
  }

  /**
   * Changes a file, if {@code change} gives other lines than it got. The file keeps its owner, mode
   * and label; a new one belongs to root with {@code modeIfNew}. After a crash the old file is
   * there or the new one.
   *
   * @return whether it was changed
   */
  public boolean edit(String name, int modeIfNew, UnaryOperator<List<String>> change)
      throws IOException, InterruptedException {
    return locked(
        () -> {
          try (SafeDirectory files = SafeDirectory.openTrusted(directory)) {
            boolean there = files.entry(name).isPresent();
            List<String> before = there ? read(files, name) : List.of();
            List<String> after = change.apply(List.copyOf(before));
            if (after.equals(before)) {
              return false;
            }
            check(name, after);
            replace(files, name, there, modeIfNew, after);
            return true;
          }
        });
  }

  private static void check(String name, List<String> lines) throws FileRefused {
    for (String line : lines) {
      if (line.indexOf('\n') >= 0 || line.indexOf('\0') >= 0 || line.indexOf('\r') >= 0) {
        throw new FileRefused("A line of " + name + " would be two");
      }
    }
  }

  private static void replace(
      SafeDirectory files, String name, boolean there, int modeIfNew, List<String> lines)
      throws IOException {
    String fresh = "." + name + ".himmelblau-new";
    Trees.remove(files, fresh);
    String text = lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    byte[] content = text.getBytes(StandardCharsets.ISO_8859_1);
    try (SafeFile file = files.createFile(fresh)) {
      file.write(content, content.length);
      if (there) {
        try (SafeFile old = files.openFile(name)) {
          FileEntry entry = old.entry();
          file.own(entry.uid(), entry.gid(), entry.mode());
          file.labelAs(old);
        }
      } else {
        file.own(0, 0, modeIfNew);
      }
      file.sync();
    }
    files.rename(fresh, name);
    files.sync();
  }
}
