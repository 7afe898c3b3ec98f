package himmelblau.machine.internal;

import himmelblau.api.secret.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The hsm-pin file, from which the auth value of the machine key is derived. 24 random bytes as 48
 * hexadecimal characters, mode 0600; created once, and never again while a machine key exists.
 */
final class PinFile {
  private static final int RANDOM_BYTES = 24;
  private static final int FEWEST_BYTES = 24;
  private static final int MOST_BYTES = 4096;

  private final Path path;
  private final List<Path> allowed;

  PinFile(Path path, List<Path> allowed) {
    this.path = path;
    this.allowed = allowed;
  }

  Path path() {
    return path;
  }

  /** Whether something is there, readable or not. */
  boolean exists() {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** Reads it; the caller closes the result. */
  Secret read() throws MachineRefused {
    checkPlace();
    try {
      checkFile();
      byte[] bytes = readBytes();
      int length = bytes.length;
      while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r')) {
        length--;
      }
      byte[] pin = Arrays.copyOf(bytes, length);
      Arrays.fill(bytes, (byte) 0);
      if (length < FEWEST_BYTES) {
        Arrays.fill(pin, (byte) 0);
        throw new MachineRefused(
            "The HSM PIN file %s is %s: it has %d bytes, at least %d are needed. Restore it from a backup"
                .formatted(path, length == 0 ? "empty" : "truncated", length, FEWEST_BYTES));
      }
      return Secret.taking(pin);
    } catch (NoSuchFileException e) {
      throw new MachineRefused(
          ("The HSM PIN file %s is missing. It is needed to open the existing keys of this "
                  + "machine: restore it from a backup")
              .formatted(path),
          e);
    } catch (IOException e) {
      throw new MachineRefused(
          ("The HSM PIN file %s cannot be read (%s). Make it readable for the user of the "
                  + "service only")
              .formatted(path, e),
          e);
    }
  }

  /** Makes it, unless it is there already. */
  void create() throws MachineRefused {
    checkPlace();
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    byte[] text = new byte[2 * RANDOM_BYTES];
    HexFormat hex = HexFormat.of();
    for (int i = 0; i < RANDOM_BYTES; i++) {
      text[2 * i] = (byte) hex.toHighHexDigit(random[i]);
      text[2 * i + 1] = (byte) hex.toLowHexDigit(random[i]);
    }
    try {
      writeNew(text);
    } catch (FileAlreadyExistsException e) {
      return; // another process was faster; its file is used
    } catch (IOException e) {
      throw new MachineRefused(
          ("The HSM PIN file %s cannot be created (%s). Its directory must belong to the user "
                  + "of the service")
              .formatted(path, e),
          e);
    } finally {
      Arrays.fill(random, (byte) 0);
      Arrays.fill(text, (byte) 0);
    }
  }

  /**
   * Moves a file that cannot be used out of the way, beside itself and under a name that nothing
   * has. Only for a host without keys: what it once opened is not here.
   *
   * @return where it is now
   */
  Path setAside() throws MachineRefused, IOException {
    checkPlace();
    Path aside = path;
    for (int i = 1; Files.exists(aside, LinkOption.NOFOLLOW_LINKS); i++) {
      aside = path.resolveSibling(path.getFileName() + ".unused-" + i);
    }
    return Files.move(path, aside);
  }

  /** On the disk, complete and with its mode, before its name appears. */
  private void writeNew(byte[] text) throws IOException {
    Path directory = parent();
    Path fresh =
        Files.createTempFile(
            directory,
            ".hsm-pin",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        ByteBuffer rest = ByteBuffer.wrap(text);
        while (rest.hasRemaining()) {
          out.write(rest);
        }
        out.force(true);
      }
      Files.createLink(path, fresh); // unlike a rename, never replaces
    } finally {
      Files.deleteIfExists(fresh);
    }
    try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
      entries.force(true);
    }
  }

  private void checkPlace() throws MachineRefused {
    boolean plain = path.isAbsolute() && path.equals(path.normalize()) && path.getNameCount() > 1;
    if (plain) {
      try {
        Path directory = parent().toRealPath();
        for (Path root : allowed) {
          if (directory.startsWith(root)
              || (Files.isDirectory(root) && directory.startsWith(root.toRealPath()))) {
            return;
          }
        }
      } catch (IOException e) {
        throw new MachineRefused(
            ("The directory %s of the HSM PIN file does not exist or cannot be accessed (%s). "
                    + "Create it for the user of the service with mode 0700")
                .formatted(path.getParent(), e),
            e);
      }
    }
    throw new MachineRefused(
        "hsm_pin_path = %s is not allowed: the file must be below one of %s"
            .formatted(
                path, allowed.stream().map(Path::toString).collect(Collectors.joining(", "))));
  }

  private Path parent() {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  private void checkFile() throws IOException, MachineRefused {
    PosixFileAttributes attributes =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isRegularFile()) {
      throw new MachineRefused(
          "The HSM PIN file %s is not a regular file. Replace it with the real file"
              .formatted(path));
    }
    Set<PosixFilePermission> open = attributes.permissions();
    open.remove(PosixFilePermission.OWNER_READ);
    open.remove(PosixFilePermission.OWNER_WRITE);
    if (path.startsWith("/run/credentials")) {
      open.remove(PosixFilePermission.GROUP_READ); // the mask of the service manager's ACL
    }
    if (!open.isEmpty()) {
      throw new MachineRefused(
          "The HSM PIN file %s has mode %s: other users may have read it. Run: chmod 0600 %s"
              .formatted(path, PosixFilePermissions.toString(attributes.permissions()), path));
    }
  }

  private byte[] readBytes() throws IOException {
    try (FileChannel in =
        FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      ByteBuffer buffer = ByteBuffer.allocate(MOST_BYTES + 1);
      while (buffer.hasRemaining() && in.read(buffer) >= 0) {
        // until its end
      }
      if (buffer.position() > MOST_BYTES) {
        throw new IOException("longer than " + MOST_BYTES + " bytes");
      }
      byte[] bytes = Arrays.copyOf(buffer.array(), buffer.position());
      Arrays.fill(buffer.array(), (byte) 0);
      return bytes;
    }
  }
}
