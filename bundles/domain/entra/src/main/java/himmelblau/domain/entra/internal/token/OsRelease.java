package himmelblau.domain.entra.internal.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The operating system's name as os-release(5) tells it. */
public final class OsRelease {
  private static final List<Path> FILES =
      List.of(Path.of("/etc/os-release"), Path.of("/usr/lib/os-release"));

  private OsRelease() {}

  /** {@code PRETTY_NAME VERSION_ID}; empty if there is no such file. */
  public static Optional<String> describe() {
    for (Path file : FILES) {
      try {
        return describe(Files.readAllLines(file));
      } catch (IOException e) {
        // The next one.
      }
    }
    return Optional.empty();
  }

  static Optional<String> describe(List<String> lines) {
    Map<String, String> values = new HashMap<>();
    for (String line : lines) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        String value = line.substring(equals + 1).strip();
        values.put(line.substring(0, equals), value.replaceAll("^[\"']|[\"']$", ""));
      }
    }
    String text =
        (values.getOrDefault("PRETTY_NAME", "") + " " + values.getOrDefault("VERSION_ID", ""))
            .strip();
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }
}
