package himmelblau.audit.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The name of this host as the kernel has it: no question to a name server, or to ourselves. */
final class HostName {
  private static final Path PLACE = Path.of("/proc/sys/kernel/hostname");

  private HostName() {}

  static String now() {
    try {
      return Files.readString(PLACE).strip();
    } catch (IOException e) {
      return "localhost";
    }
  }
}
