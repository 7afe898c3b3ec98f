package himmelblau.directory.internal.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * Detects a changed file without reading it. Immutable.
 *
 * @param inode of the file, null if there is no file or it is not accessible
 */
record FileStamp(@Nullable Object inode, FileTime modified, long size) {
  private static final FileStamp ABSENT = new FileStamp(null, FileTime.fromMillis(0), -1);

  static FileStamp of(Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return new FileStamp(now.fileKey(), now.lastModifiedTime(), now.size());
    } catch (IOException absent) {
      return ABSENT;
    }
  }
}
