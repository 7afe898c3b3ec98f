package himmelblau.testing.framework;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** Copies of jars in which a class of these tests replaces the one of the same name. */
final class PatchedJar {
  private PatchedJar() {}

  /**
   * @throws IOException if {@code jar} or the tests have no such class
   */
  static Path copy(Path jar, Path target, String className) throws IOException {
    String entry = className.replace('.', '/') + ".class";
    Files.copy(jar, target);
    try (FileSystem inside =
            FileSystems.newFileSystem(URI.create("jar:" + target.toUri()), Map.of());
        InputStream own = PatchedJar.class.getClassLoader().getResourceAsStream(entry)) {
      if (own == null || Files.notExists(inside.getPath(entry))) {
        throw new FileNotFoundException(className);
      }
      Files.copy(own, inside.getPath(entry), StandardCopyOption.REPLACE_EXISTING);
    }
    return target;
  }
}
