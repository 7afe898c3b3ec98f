package himmelblau.sso.internal;

import himmelblau.api.log.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Sealed renewals in the runtime directory, which is in memory: they outlive the process and not
 * the boot. A file that cannot be written or read costs the user a sign-in after a restart, nothing
 * else. Used under the lock of {@link HeldRenewals}.
 */
final class RenewalFiles {
  private static final Log LOG = Log.of(RenewalFiles.class);
  private static final int LONGEST = 512 << 10;
  private static final FileAttribute<Set<PosixFilePermission>> FOLDER = mode("rwx------");
  private static final FileAttribute<Set<PosixFilePermission>> FILE = mode("rw-------");

  private final Path folder;

  RenewalFiles(Path folder) {
    this.folder = folder;
  }

  private static FileAttribute<Set<PosixFilePermission>> mode(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }

  void write(UUID user, byte[] sealed) {
    Path file = folder.resolve(user.toString());
    Path fresh = folder.resolve(user + ".new");
    try {
      prepare();
      Files.deleteIfExists(fresh);
      try (ByteChannel out =
          Files.newByteChannel(
              fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE)) {
        ByteBuffer left = ByteBuffer.wrap(sealed);
        while (left.hasRemaining()) {
          out.write(left);
        }
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.warn("sso.not_kept", "user", user, "why", e.toString());
      delete(user); // not an older one either
    }
  }

  private void prepare() throws IOException {
    try {
      Files.createDirectory(folder, FOLDER);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw new NotDirectoryException(folder.toString());
      }
    }
  }

  Optional<byte[]> read(UUID user) {
    Path file = folder.resolve(user.toString());
    try {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
          || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          || Files.size(file) > LONGEST) {
        return Optional.empty();
      }
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.warn("sso.unreadable", "user", user, "why", e.toString());
      return Optional.empty();
    }
  }

  boolean delete(UUID user) {
    try {
      return Files.deleteIfExists(folder.resolve(user.toString()));
    } catch (IOException e) {
      LOG.error("sso.not_deleted", e, "user", user);
      return false;
    }
  }

  List<UUID> users() {
    List<UUID> users = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (name.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
          users.add(UUID.fromString(name));
        }
      }
    } catch (IOException e) {
      // There is no folder before the first sign-in.
    }
    return users;
  }
}
