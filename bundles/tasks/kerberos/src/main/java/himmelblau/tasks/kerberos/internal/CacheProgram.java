package himmelblau.tasks.kerberos.internal;

import himmelblau.api.tasks.TaskResult;
import himmelblau.api.tasks.TaskResult.Status;
import himmelblau.tasks.files.FileEntry;
import himmelblau.tasks.files.FileRefused;
import himmelblau.tasks.files.SafeDirectory;
import himmelblau.tasks.files.SafeFile;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code himmelblau_ccache}, which runs as the user. It is in the hands of that user, whose files
 * and keys it meets: what it prints is not trusted, and it is not waited for when it takes too
 * long.
 */
final class CacheProgram {
  private static final int MOST_OUTPUT = 512;

  private final Path program;
  private final Surroundings surroundings;
  private final Duration longest;

  CacheProgram(Path program, Surroundings surroundings, Duration longest) {
    this.program = program;
    this.surroundings = surroundings;
    this.longest = longest;
  }

  /**
   * Runs it.
   *
   * @param verb such as {@code drop}
   * @param input its standard input (borrowed)
   */
  TaskResult run(String verb, long uid, long gid, byte[] input)
      throws IOException, InterruptedException {
    requireOurs();
    List<String> words = new ArrayList<>(surroundings.words(uid, gid));
    words.addAll(List.of(program.toString(), verb, Long.toString(uid), Long.toString(gid)));
    ProcessBuilder builder =
        new ProcessBuilder(words).directory(new File("/")).redirectErrorStream(true);
    builder.environment().clear();
    Process process = builder.start();
    try {
      try (OutputStream out = process.getOutputStream()) {
        out.write(input);
      } catch (IOException e) {
        // It ended before it had read all, and says why.
      }
      if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
        return new TaskResult(Status.TIMED_OUT, "Writing the credential cache took too long");
      }
      byte[] said = process.getInputStream().readNBytes(MOST_OUTPUT);
      return result(process.exitValue(), shown(said));
    } finally {
      process.destroyForcibly();
    }
  }

  /** It is started by root: nobody else may have been able to write it. */
  private void requireOurs() throws IOException {
    String directory = String.valueOf(program.getParent());
    try (SafeDirectory opened = SafeDirectory.openTrusted(directory);
        SafeFile file = opened.openFile(String.valueOf(program.getFileName()))) {
      FileEntry entry = file.entry();
      if (!entry.rootOnly()) {
        throw new FileRefused(program + " must belong to root and be writable by nobody else");
      }
    }
  }

  private static String shown(byte[] said) {
    return new String(said, StandardCharsets.UTF_8).replaceAll("[^\\x20-\\x7e]+", " ").strip();
  }

  /** Exit codes of {@code himmelblau_ccache}. */
  private static TaskResult result(int code, String said) {
    return switch (code) {
      case 0 -> new TaskResult(Status.DONE, said);
      case 3 ->
          new TaskResult(
              Status.FAILED,
              "There is no Kerberos library (libkrb5.so.3): install libkrb5-3 or krb5-libs");
      case 4 -> new TaskResult(Status.REFUSED, said);
      default -> new TaskResult(Status.FAILED, said.isEmpty() ? "It ended with " + code : said);
    };
  }
}
