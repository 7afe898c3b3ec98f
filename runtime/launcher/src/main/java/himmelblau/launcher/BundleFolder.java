package himmelblau.launcher;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The jars of a directory that may be loaded into the process. */
final class BundleFolder {
  private static final System.Logger LOG = System.getLogger("himmelblau.launcher");
  private static final int OTHERS_MAY_WRITE = 0022;

  private BundleFolder() {}

  /** All jars, in the order of their names; of a folder that does not exist, none. */
  static List<Path> jars(Path folder) throws IOException {
    List<Path> jars = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.jar")) {
        found.forEach(jars::add);
      }
    }
    jars.sort(null);
    return jars;
  }

  /**
   * Third-party bundles. A plug-in has all permissions of the daemon, so each jar, its directory
   * and all parent directories must belong to root and be writable by root only: a user who can
   * write to one of them could replace it. Other jars are ignored with a warning.
   */
  static List<Path> plugins(Path folder) throws IOException {
    List<Path> jars = new ArrayList<>();
    for (Path jar : jars(folder)) {
      Optional<Path> writable = rootOnly(jar) ? othersMayChange(folder) : Optional.of(jar);
      if (writable.isEmpty()) {
        jars.add(jar);
      } else {
        LOG.log(
            Level.WARNING,
            "plugin.ignored jar=\""
                + jar
                + "\" reason=\""
                + writable.get()
                + " must belong to root and be writable by root only\"");
      }
    }
    return jars;
  }

  /** The first folder on the way, links followed, that is not root's alone. */
  static Optional<Path> othersMayChange(Path folder) throws IOException {
    for (Path way : List.of(folder.toAbsolutePath().normalize(), folder.toRealPath())) {
      for (Path part = way; part != null; part = part.getParent()) {
        boolean link = Files.isSymbolicLink(part) && !part.equals(way);
        // The mode of a link has no meaning; its directory is checked.
        boolean good = link ? uid(part) == 0 : rootOnly(part);
        if (!good) {
          return Optional.of(part);
        }
      }
    }
    return Optional.empty();
  }

  private static int uid(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean rootOnly(Path path) throws IOException {
    // By number: a lookup of the owner's name would go through the host's NSS, that is, to us.
    int uid = uid(path);
    int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return uid == 0 && (mode & OTHERS_MAY_WRITE) == 0;
  }
}
