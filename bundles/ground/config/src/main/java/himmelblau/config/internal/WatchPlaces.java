package himmelblau.config.internal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The directories to watch for a change of the configuration: directories instead of files, so that
 * a new file renamed over the old one is noticed; all parents up to the root, so that a replaced
 * directory is noticed; and the directories that links lead to.
 */
final class WatchPlaces {
  /** In place of a name: every name matters. */
  static final String ALL = "";

  private final Map<Path, Set<String>> wanted = new HashMap<>();
  private final Set<Path> seen = new HashSet<>();

  private WatchPlaces() {}

  /** Which names matter in which directory. */
  static Map<Path, Set<String>> of(Layers layers) {
    WatchPlaces places = new WatchPlaces();
    for (Path main : layers.mains()) {
      places.follow(main);
      Path dropIns = Layers.dropIns(main).toAbsolutePath().normalize();
      places.follow(dropIns);
      if (Files.isDirectory(dropIns)) {
        places.want(dropIns, ALL);
        places.links(dropIns);
      }
    }
    return places.wanted;
  }

  private void links(Path directory) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "?*.conf")) {
      for (Path entry : entries) {
        if (Files.isSymbolicLink(entry)) {
          follow(entry);
        }
      }
    } catch (IOException unreadable) {
      // The reader says so.
    }
  }

  private void follow(Path file) {
    Path path = file.toAbsolutePath().normalize();
    Path directory = path.getParent();
    while (directory != null && !path.equals(Layers.NOTHING) && seen.add(path)) {
      if (Files.isDirectory(directory)) {
        want(directory, String.valueOf(path.getFileName()));
      }
      if (Files.isSymbolicLink(path)) {
        try {
          follow(directory.resolve(Files.readSymbolicLink(path)));
        } catch (IOException gone) {
          // The watch of its parent directory reports when it is created again.
        }
      }
      path = directory;
      directory = path.getParent();
    }
  }

  private void want(Path directory, String name) {
    wanted.computeIfAbsent(directory, d -> new HashSet<>()).add(name);
  }
}
