package himmelblau.directory.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import himmelblau.api.log.Log;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * {@code name_mapping_script}: called as {@code script NAME}, prints the UPN. Runs in the daemon,
 * with no shell, no inherited environment, no input, and a time limit.
 */
final class MappingScript {
  private static final Log LOG = Log.of(MappingScript.class);
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final int LONGEST_OUTPUT = 1024;

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

  static Outcome run(Path script, String name) {
    if (NameRules.unfitUser(name).isPresent()) {
      return new Outcome.Nobody();
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
      LOG.warn("directory.script-failed", "script", script, "reason", e.getMessage());
      return new Outcome.Failed();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Failed();
    }
  }

  private static Outcome read(Process process, Path script)
      throws IOException, InterruptedException {
    Thread killer =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                      process.descendants().forEach(ProcessHandle::destroyForcibly);
                      process.destroyForcibly();
                    }
                  } catch (InterruptedException done) {
                    // it ended by itself
                  }
                });
    byte[] output = process.getInputStream().readNBytes(LONGEST_OUTPUT);
    process.getInputStream().close();
    int code = process.waitFor();
    killer.interrupt();
    if (code != 0) {
      LOG.warn("directory.script-failed", "script", script, "code", code);
      return new Outcome.Failed();
    }
    return Optional.of(new String(output, UTF_8).strip())
        .filter(text -> !text.isEmpty())
        .<Outcome>map(Outcome.Means::new)
        .orElseGet(Outcome.Nobody::new);
  }
}
