package himmelblau.config.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds configuration files that the running user or another user could change (host-behaviour 1.1,
 * rule 10), and directories in which they could create some.
 */
final class OwnershipCheck {
  private static final int OTHERS_MAY_WRITE = 0022;
  private static final int STICKY = 01000;
  private static final int MODE = 07777;

  private OwnershipCheck() {}

  static List<String> warnings(List<Path> files) {
    List<String> warnings = new ArrayList<>();
    Set<Path> places = new LinkedHashSet<>(files);
    for (Path file : files) {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        places.add(folder);
      }
    }
    for (Path place : places) {
      if (!place.startsWith("/var/cache")) { // the daemon's own
        examine(place).ifPresent(warnings::add);
      }
    }
    return warnings;
  }

  private static Optional<String> examine(Path place) {
    try {
      // By number: a name would be looked up through the host's NSS, that is, through us.
      int me = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      int owner = (Integer) Files.getAttribute(place, "unix:uid");
      int mode = (Integer) Files.getAttribute(place, "unix:mode");
      if (owner != 0) {
        return Optional.of(
            place
                + " can be changed by its owner, uid "
                + owner
                + (owner == me ? " (the daemon itself)" : "")
                + "; change its owner to root");
      }
      boolean shared =
          (mode & STICKY)
              != 0; // such as /tmp (sticky bit), where users cannot replace files of others
      if ((mode & OTHERS_MAY_WRITE) != 0 && !shared) {
        return Optional.of(
            "%s can be changed by users other than its owner (mode %04o); run chmod go-w on it"
                .formatted(place, mode & MODE));
      }
      return me != 0 && !shared && Files.isWritable(place)
          ? Optional.of(
              place
                  + " can be changed by the user of the daemon; remove that user's write permission")
          : Optional.empty();
    } catch (IOException e) {
      return Optional.of(place + ": cannot be examined: " + e);
    }
  }
}
