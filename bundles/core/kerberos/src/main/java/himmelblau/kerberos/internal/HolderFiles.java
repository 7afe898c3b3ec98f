package himmelblau.kerberos.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.log.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Who has tickets, in the runtime directory: known again after a restart of the daemon, and no
 * longer than the boot. Holds no ticket. Used under the lock of {@link Holders}.
 */
final class HolderFiles {
  private static final Log LOG = Log.of(HolderFiles.class);
  private static final int LONGEST = 4096;

  private final Path folder;

  HolderFiles(Path folder) {
    this.folder = folder;
  }

  void write(Holder holder) {
    Path file = folder.resolve(Long.toString(holder.uid()));
    Path fresh = folder.resolve(holder.uid() + ".new");
    List<String> lines = new ArrayList<>();
    lines.add(Long.toString(holder.gid()));
    lines.add(holder.name().upn());
    lines.add(Long.toString(holder.kept().getEpochSecond()));
    lines.add(Long.toString(holder.ends().getEpochSecond()));
    lines.addAll(holder.principals());
    try {
      prepare();
      Files.writeString(fresh, String.join("\n", lines));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.warn("kerberos.state", "uid", holder.uid(), "why", e.toString());
    }
  }

  private void prepare() throws IOException {
    try {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw new NotDirectoryException(folder.toString());
      }
    }
  }

  void delete(long uid) {
    try {
      Files.deleteIfExists(folder.resolve(Long.toString(uid)));
    } catch (IOException e) {
      LOG.warn("kerberos.state", "uid", uid, "why", e.toString());
    }
  }

  List<Holder> all() {
    List<Holder> holders = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[0-9]*")) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (name.matches("[0-9]{1,10}")) {
          read(file, Long.parseLong(name)).ifPresent(holders::add);
        }
      }
    } catch (IOException e) {
      // There is no folder before the first ticket.
    }
    return holders;
  }

  private static Optional<Holder> read(Path file, long uid) {
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > LONGEST) {
        return Optional.empty();
      }
      String[] lines = Files.readString(file, StandardCharsets.UTF_8).split("\n", -1);
      if (lines.length < 5) {
        return Optional.empty();
      }
      return Optional.of(
          new Holder(
              uid,
              Long.parseLong(lines[0]),
              AccountName.parse(lines[1]).orElseThrow(() -> new IOException("no account name")),
              new HashSet<>(Arrays.asList(lines).subList(4, lines.length)),
              Instant.ofEpochSecond(Long.parseLong(lines[2])),
              Instant.ofEpochSecond(Long.parseLong(lines[3]))));
    } catch (IOException | NumberFormatException | DateTimeException e) {
      LOG.warn("kerberos.state", "uid", uid, "why", e.toString());
      return Optional.empty();
    }
  }
}
