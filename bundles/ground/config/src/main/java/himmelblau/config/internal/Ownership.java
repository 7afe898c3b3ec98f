package himmelblau.config.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds configuration that the running user could change itself (host-behaviour 1.1, rule 10). */
final class Ownership {
  private static final int OTHERS_MAY_WRITE = 0022;

  private Ownership() {}

  static List<String> warnings(List<Path> files) {
    List<String> warnings = new ArrayList<>();
    for (Path file : files) {
      try {
        // By number: a name would be looked up through the host's NSS, that is, through us.
        int me = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        int owner = (Integer) Files.getAttribute(file, "unix:uid");
        int mode = (Integer) Files.getAttribute(file, "unix:mode");
        boolean ours = file.startsWith("/var/cache");
        if (me != 0 && !ours && (owner == me || Files.isWritable(file))) {
          warnings.add(file + " can be changed by the daemon's own user; chown it to root");
        } else if ((mode & OTHERS_MAY_WRITE) != 0) {
          warnings.add(file + " can be changed by others than its owner; chmod go-w it");
        }
      } catch (IOException e) {
        warnings.add(file + ": cannot be examined: " + e);
      }
    }
    return warnings;
  }
}
