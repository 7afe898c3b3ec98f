package himmelblau.shell.internal;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.osgi.framework.Constants;

/**
 * A jar that shall run in the daemon. It gets all permissions of the daemon, so the same is
 * demanded of it as of plug-ins at the start: the file and all folders above belong to root, and
 * only root can write to them.
 */
final class PluginJar {
  private static final int OTHERS_MAY_WRITE = 0022;
  private static final long MOST_BYTES = 64L << 20;

  private PluginJar() {}

  /**
   * Copies the jar, so that what was examined is what will be loaded, also later.
   *
   * @param name the symbolic name that it must have
   */
  static void take(Path file, String name, File copy) throws PluginRefused, IOException {
    if (!file.isAbsolute()) {
      throw new PluginRefused("Give the whole path of the file.");
    }
    try {
      demand(file);
    } catch (NoSuchFileException | AccessDeniedException e) {
      throw new PluginRefused(
          e.getFile()
              + " is not there for the daemon, which does not see /home, /root and /tmp. Put it"
              + " below /usr/local/share, for example.");
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] bytes = in.readNBytes((int) MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new PluginRefused(file + " is larger than 64 MiB.");
      }
      Files.write(copy.toPath(), bytes);
    }
    examine(file, name, copy);
  }

  private static void demand(Path file) throws PluginRefused, IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      throw new PluginRefused(file + " is not a regular file.");
    }
    Optional<Path> writable = rootOnly(file) ? othersMayChange(file) : Optional.of(file);
    if (writable.isPresent()) {
      throw new PluginRefused(
          writable.get() + " must belong to root and be writable by root only.");
    }
  }

  /** The first folder on the way, links followed, that is not root's alone. */
  private static Optional<Path> othersMayChange(Path file) throws IOException {
    for (Path way : List.of(file.normalize(), file.toRealPath())) {
      for (Path part = way.getParent(); part != null; part = part.getParent()) {
        // The mode of a link has no meaning; its folder is looked at, and what it leads to.
        boolean good = Files.isSymbolicLink(part) ? uid(part) == 0 : rootOnly(part);
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
    int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return uid(path) == 0 && (mode & OTHERS_MAY_WRITE) == 0;
  }

  private static void examine(Path file, String name, File copy) throws PluginRefused {
    String found;
    try (JarFile jar = new JarFile(copy)) {
      Manifest manifest = jar.getManifest();
      Attributes main = manifest == null ? new Attributes() : manifest.getMainAttributes();
      String symbolic = main.getValue(Constants.BUNDLE_SYMBOLICNAME);
      if (symbolic == null || !"2".equals(main.getValue(Constants.BUNDLE_MANIFESTVERSION))) {
        throw new PluginRefused(file + " is not a bundle.");
      }
      found = symbolic.split(";", 2)[0].strip();
    } catch (IOException e) {
      throw new PluginRefused(file + " is not a jar: " + e.getMessage());
    }
    if (!found.equals(name)) {
      throw new PluginRefused(file + " is the bundle " + found + ", not " + name + ".");
    }
  }
}
