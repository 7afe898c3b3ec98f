package himmelblau.tasks.home.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Sets SELinux labels on new home directories. */
final class SelinuxLabels {
  private static final Path ACTIVE = Path.of("/sys/fs/selinux/enforce");
  private static final Path TOOL = Path.of("/usr/sbin/restorecon");
  private static final long SECONDS = 30;

  private SelinuxLabels() {}

  /** Gives a new home the labels of the host's policy. Returns what went wrong, if anything. */
  static Optional<String> restore(String home) throws InterruptedException {
    if (!Files.exists(ACTIVE) || !Files.isExecutable(TOOL)) {
      return Optional.empty();
    }
    try {
      ProcessBuilder builder =
          new ProcessBuilder(TOOL.toString(), "-R", "--", home)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD);
      builder.environment().clear();
      Process process = builder.start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.of("restorecon took longer than " + SECONDS + " s and was stopped");
      }
      return process.exitValue() == 0
          ? Optional.empty()
          : Optional.of("restorecon failed with " + process.exitValue());
    } catch (IOException e) {
      return Optional.of("restorecon cannot run: " + e.getMessage());
    }
  }
}
