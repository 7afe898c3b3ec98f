package himmelblau.directory.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * Tells one content of a file from another without reading it. Immutable.
 *
 * @param inode of the file, null where there is none or none can be seen
 */
record Stamp(@Nullable Object inode, FileTime modified, long size) {
  private static final Stamp ABSENT = new Stamp(null, FileTime.fromMillis(0), -1);

  static Stamp of(Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(now.fileKey(), now.lastModifiedTime(), now.size());
    } catch (IOException absent) {
      return ABSENT;
    }
  }
}
