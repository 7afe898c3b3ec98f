package himmelblau.audit.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The file that audit events are appended to. It is opened for each write, so a file that was
 * rotated away is left alone and a new one begun. For one thread.
 */
final class AuditFile {
  private static final String MODE = "rw-r-----";
  private static final int FILE_TYPE = 0170000;
  private static final int REGULAR = 0100000;

  /** Group may not write, others nothing. */
  private static final int TOO_MUCH = 0027;

  private static final int OTHERS_MAY_WRITE = 0002;

  private final Path path;

  AuditFile(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  /**
   * Appends all lines or none.
   *
   * @throws IOException if there is no room, or the file is not one for an audit: a link, no
   *     regular file, of another user, or open to others
   */
  void append(List<String> lines) throws IOException {
    check();
    ByteBuffer bytes =
        ByteBuffer.wrap((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    try (FileChannel channel =
        FileChannel.open(
            path,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND,
                LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(MODE)))) {
      long before = channel.size();
      try {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      } catch (IOException e) {
        channel.truncate(before); // half a line would spoil the next one
        throw e;
      }
    }
  }

  private void check() throws IOException {
    Path folder = Objects.requireNonNullElse(path.getParent(), path);
    if ((mode(attributes(folder)) & OTHERS_MAY_WRITE) != 0) {
      throw new IOException(folder + " can be written by everybody");
    }
    Map<String, Object> found;
    try {
      found = attributes(path);
    } catch (NoSuchFileException e) {
      return; // it will be ours
    }
    if ((mode(found) & FILE_TYPE) != REGULAR) {
      throw new IOException(path + " is not a regular file");
    }
    Object own = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    if (!Objects.equals(found.get("uid"), own)) {
      throw new IOException(path + " belongs to another user");
    }
    if ((mode(found) & TOO_MUCH) != 0) {
      throw new IOException(path + " is open to others; its mode must be 0640 or stricter");
    }
  }

  private static Map<String, Object> attributes(Path file) throws IOException {
    return Files.readAttributes(file, "unix:mode,uid", LinkOption.NOFOLLOW_LINKS);
  }

  private static int mode(Map<String, Object> attributes) {
    return (Integer) Objects.requireNonNull(attributes.get("mode"));
  }
}
