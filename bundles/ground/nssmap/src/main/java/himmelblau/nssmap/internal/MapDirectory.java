package himmelblau.nssmap.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The directory of the map: a file appears in it completely or not at all. */
final class MapDirectory {
  static final String BASE = "map";
  static final String DELTA = "delta";
  static final String LOCAL_NAMES = "local-names";

  private final Path folder;

  MapDirectory(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Creates a temporary file for this name; a leftover of an earlier process is deleted. */
  FileChannel beside(String name) throws IOException {
    Path file = folder.resolve(name + ".new");
    Files.deleteIfExists(file);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    return channel;
  }

  /** Replaces the old file by the new one; on the disk when this returns. */
  void replace(String name) throws IOException {
    Files.move(
        folder.resolve(name + ".new"),
        folder.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  /** Writes a text file, unless it has this content already. */
  void write(String name, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Path file = folder.resolve(name);
    if (Files.isRegularFile(file) && Arrays.equals(Files.readAllBytes(file), bytes)) {
      return;
    }
    try (FileChannel channel = beside(name)) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    } catch (IOException e) {
      discard(name);
      throw e;
    }
    replace(name);
  }

  void discard(String name) {
    try {
      Files.deleteIfExists(folder.resolve(name + ".new"));
    } catch (IOException ignored) {
      // the next write begins by deleting it
    }
  }

  /** The file of this name, if it is a whole map of this version. */
  Optional<MapFileReader> open(String name) {
    try {
      @Nullable BlockReader reader = BlockReader.open(folder.resolve(name));
      return Optional.ofNullable(reader).map(MapFileReader::new);
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  long size(String name) throws IOException {
    return Files.size(folder.resolve(name));
  }
}
