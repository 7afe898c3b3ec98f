package himmelblau.directory.internal.names;

import static java.nio.charset.StandardCharsets.UTF_8;

import himmelblau.api.log.Log;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * {@code name_mapping_script}: called as {@code script NAME}, prints the UPN. It runs as the
 * daemon, so only root may be able to write it; it gets no shell, no inherited environment, no
 * input, and a time limit.
 */
public final class MappingScript {
  private static final Log LOG = Log.of(MappingScript.class);
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final int LONGEST_OUTPUT = 1024;
  private static final Object OWN = own();

  /** What the script said. */
  sealed interface Outcome {
    /** The name means this. */
    record Means(String upn) implements Outcome {}

    /** Not a directory user. */
    record Nobody() implements Outcome {}

    /** The script could not tell. */
    record Failed() implements Outcome {}
  }

  private MappingScript() {}

  /** The user name of this process; root if it cannot be determined. */
  private static Object own() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException e) {
      return 0;
    }
  }

  /** Why the script must not run, or cannot. */
  public static Optional<String> obstacle(Path script) {
    try {
      if (!script.isAbsolute()) {
        return Optional.of("its path is not absolute");
      }
      for (Path path : List.of(script, script.toRealPath())) {
        for (Path part = path; part != null; part = part.getParent()) {
          if (others(part)) {
            return Optional.of(part + " can be written by others than root");
          }
        }
      }
      return Files.isRegularFile(script) && Files.isExecutable(script)
          ? Optional.empty()
          : Optional.of("it is not a program");
    } catch (IOException e) {
      return Optional.of("it cannot be read: " + e.getClass().getSimpleName());
    }
  }

  /** In a directory like /tmp (sticky bit) other users can write, but not replace files. */
  private static boolean others(Path path) throws IOException {
    int mode = (Integer) Files.getAttribute(path, "unix:mode");
    Object uid = Files.getAttribute(path, "unix:uid");
    boolean trusted = uid.equals(0) || uid.equals(OWN);
    boolean kept = (mode & 01000) != 0 && (mode & 0170000) == 0040000;
    return !trusted || ((mode & 022) != 0 && !kept);
  }

  static Outcome run(Path script, String name) {
    if (NameRules.unfitUser(name).isPresent()) {
      return new Outcome.Nobody();
    }
    Optional<String> obstacle = obstacle(script);
    if (obstacle.isPresent()) {
      return failed(script, obstacle.get());
    }
    ProcessBuilder builder = new ProcessBuilder(script.toString(), name);
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    builder.directory(new File("/"));
    builder.redirectInput(new File("/dev/null"));
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      Process process = builder.start();
      try {
        return read(process, script);
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (IOException e) {
      return failed(script, "it cannot run: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Failed();
    }
  }

  /**
   * Never waits for the end of the output: a child that the script left behind may hold it open.
   */
  private static Outcome read(Process process, Path script)
      throws IOException, InterruptedException {
    InputStream from = process.getInputStream();
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    long end = System.nanoTime() + LIMIT.toNanos();
    boolean over = false;
    while (!over) {
      over = process.waitFor(10, TimeUnit.MILLISECONDS);
      int ready = from.available();
      output.write(from.readNBytes(Math.min(ready, LONGEST_OUTPUT + 1 - output.size())));
      if (output.size() > LONGEST_OUTPUT) {
        return failed(script, "it printed more than " + LONGEST_OUTPUT + " bytes");
      }
      if (!over && System.nanoTime() > end) {
        return failed(script, "it took longer than " + LIMIT.toSeconds() + " s");
      }
    }
    if (process.exitValue() != 0) {
      return failed(script, "it ended with " + process.exitValue());
    }
    String text = output.toString(UTF_8).strip();
    if (text.isEmpty()) {
      return new Outcome.Nobody();
    }
    return text.codePoints().anyMatch(Character::isISOControl)
        ? failed(script, "it did not print exactly one line")
        : new Outcome.Means(text);
  }

  private static Outcome failed(Path script, String why) {
    LOG.warn("directory.script_failed", "script", script, "reason", why);
    return new Outcome.Failed();
  }
}
