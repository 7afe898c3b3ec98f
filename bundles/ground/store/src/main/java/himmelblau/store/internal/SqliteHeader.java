package himmelblau.store.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * Two numbers of the header of an SQLite file (https://www.sqlite.org/fileformat.html, 1.3), read
 * without opening the file as a database, which could already merge a write-ahead log into it.
 *
 * @param application the application id, at offset 68
 * @param version the user version, at offset 60
 */
record SqliteHeader(int application, int version) {
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final int LENGTH = 100;
  private static final int VERSION_AT = 60;
  private static final int APPLICATION_AT = 68;

  /** Empty when there is no such file, or when it is not an SQLite file. */
  static Optional<SqliteHeader> of(Path file) {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
    try (FileChannel in =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      while (bytes.hasRemaining() && in.read(bytes) >= 0) {
        // until the header is complete or the file ends
      }
    } catch (IOException e) {
      return Optional.empty(); // opening it as a database will report the problem
    }
    if (bytes.hasRemaining() || !Arrays.equals(bytes.array(), 0, 16, MAGIC, 0, 16)) {
      return Optional.empty();
    }
    return Optional.of(new SqliteHeader(bytes.getInt(APPLICATION_AT), bytes.getInt(VERSION_AT)));
  }

  /** Whether the file is marked as a database of this program. */
  boolean ours() {
    return application == StoreSchema.APPLICATION;
  }
}
