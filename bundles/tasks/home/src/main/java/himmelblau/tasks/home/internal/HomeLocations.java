package himmelblau.tasks.home.internal;

import himmelblau.tasks.files.FileRefused;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where home directories may be located. A directory that a user owns among system files gives that
 * user the power of root, for example {@code sshd.service.d} below {@code /etc/systemd/system}. The
 * location comes from the daemon, and with {@code rfc2307} from an attribute of the directory.
 *
 * @param closed the system's directories
 * @param open what is open below them
 */
record HomeLocations(List<Path> closed, List<Path> open) {
  static final HomeLocations OF_A_HOST =
      new HomeLocations(
          Stream.of(
                  "/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/proc",
                  "/root", "/run", "/sbin", "/sys", "/usr", "/var")
              .map(Path::of)
              .toList(),
          List.of(Path.of("/var/home")));

  /**
   * Checks the directory that holds homes, once it is open as a trusted one: every link on the way
   * belongs to root, so no other user can change its target.
   *
   * @throws FileRefused if no home may be made there
   */
  void check(String prefix) throws IOException {
    Path asked = Path.of(prefix);
    Path real = asked.toRealPath();
    if (real.getNameCount() == 0
        || (closed.stream().anyMatch(real::startsWith)
            && open.stream().noneMatch(real::startsWith))) {
      throw new FileRefused(
          prefix
              + " belongs to the system; create home directories elsewhere (home_prefix, or the home "
              + "directory that the directory gives)");
    }
  }
}
