package himmelblau.config.internal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The files that make up the configuration, in order (host-behaviour 1.1).
 *
 * @param mains main files, lowest priority first
 * @param written what the daemon itself wrote; comes last
 */
record Layers(List<Path> mains, Path written) {
  static final Path ADMINISTRATOR = Path.of("/etc/himmelblau/himmelblau.conf");
  private static final Path WRITTEN = Path.of("/var/cache/himmelblaud/himmelblau.conf");
  static final Path NOTHING = Path.of("/dev/null");

  /** The usual places, or {@code explicit} and its drop-ins alone. */
  static Layers of(Optional<Path> explicit) {
    List<Path> mains =
        explicit
            .filter(path -> !path.equals(ADMINISTRATOR))
            .map(List::of)
            .orElse(
                List.of(
                    Path.of("/usr/lib/himmelblau/himmelblau.conf"),
                    Path.of("/run/himmelblau/himmelblau.conf"),
                    ADMINISTRATOR));
    return new Layers(mains, WRITTEN);
  }

  /** The directory of the drop-ins that belong to a main file. */
  static Path dropIns(Path main) {
    return main.resolveSibling(main.getFileName() + ".d");
  }

  /**
   * What is there now.
   *
   * @param effective files to parse, in order: later ones win
   * @param written the daemon's own file, if there
   * @param any whether there is any main file or drop-in, be it masked
   */
  record Found(List<Path> effective, Optional<Path> written, boolean any) {}

  Found find() throws ConfigException {
    List<Path> effective = new ArrayList<>();
    boolean any = false;
    for (Path main : mains.reversed()) {
      if (Files.exists(main, LinkOption.NOFOLLOW_LINKS)) {
        any = true;
        if (!masked(main)) {
          effective.add(main);
        }
        break; // main files do not merge, and a masked one hides those below it
      }
    }
    Found dropIns = findDropIns();
    effective.addAll(dropIns.effective());
    return new Found(effective, dropIns.written(), any || dropIns.any());
  }

  /** What is there now beside the main files. */
  Found findDropIns() throws ConfigException {
    List<Path> effective = new ArrayList<>();
    Map<Path, Path> dropIns = new TreeMap<>(); // names of files compare by their bytes
    for (Path main : mains) {
      for (Path dropIn : list(dropIns(main))) {
        dropIns.put(dropIn.getFileName(), dropIn);
      }
    }
    for (Path dropIn : dropIns.values()) {
      if (!masked(dropIn)) {
        effective.add(dropIn);
      }
    }
    Optional<Path> own = Optional.of(written).filter(Files::isRegularFile);
    return new Found(effective, own, !dropIns.isEmpty());
  }

  private static List<Path> list(Path directory) throws ConfigException {
    List<Path> files = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return files;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "?*.conf")) {
      for (Path entry : entries) {
        if (Files.isRegularFile(entry) || toNothing(entry)) {
          files.add(entry);
        }
      }
    } catch (IOException e) {
      throw new ConfigException(
          directory + ": cannot be listed (" + e + "). Make it readable for the daemon.");
    }
    return files;
  }

  private static boolean masked(Path file) throws ConfigException {
    try {
      return toNothing(file)
          || (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) == 0);
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be read (" + e + ")");
    }
  }

  private static boolean toNothing(Path file) {
    try {
      return Files.isSymbolicLink(file) && Files.readSymbolicLink(file).equals(NOTHING);
    } catch (IOException e) {
      return false;
    }
  }
}
