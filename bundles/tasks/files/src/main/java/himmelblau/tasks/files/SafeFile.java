package himmelblau.tasks.files;

import com.sun.jna.LastErrorException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** An open regular file. Not thread-safe. */
public final class SafeFile implements AutoCloseable {
  private final int descriptor;
  private final String name;
  private boolean open = true;

  SafeFile(int descriptor, String name) {
    this.descriptor = descriptor;
    this.name = name;
  }

  /** The status of the open file, even if its name refers to another file now. */
  public FileEntry entry() throws IOException {
    byte[] result = new byte[256];
    try {
      LibC.statx(descriptor, new byte[1], LibC.AT_EMPTY_PATH, LibC.STATX_BASIC_STATS, result);
      return FileEntry.of(result);
    } catch (LastErrorException e) {
      throw LibC.failed("statx", name, e);
    }
  }

  /** Reads up to {@code bytes.length} bytes; -1 at the end. */
  public int read(byte[] bytes) throws IOException {
    try {
      int size = (int) LibC.read(descriptor, bytes, bytes.length);
      return size == 0 ? -1 : size;
    } catch (LastErrorException e) {
      throw LibC.failed("read", name, e);
    }
  }

  /**
   * Reads all.
   *
   * @throws FileRefused if there are more than {@code most} bytes
   */
  public byte[] readAll(int most) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] block = new byte[16384];
    for (int size = read(block); size >= 0; size = read(block)) {
      all.write(block, 0, size);
      if (all.size() > most) {
        throw new FileRefused(name + " is larger than " + most + " bytes");
      }
    }
    return all.toByteArray();
  }

  /** Writes the first {@code size} bytes, all of them. */
  public void write(byte[] bytes, int size) throws IOException {
    byte[] rest = bytes;
    int left = size;
    try {
      while (left > 0) {
        int done = (int) LibC.write(descriptor, rest, left);
        left -= done;
        if (left > 0) {
          rest = java.util.Arrays.copyOfRange(rest, done, done + left);
        }
      }
    } catch (LastErrorException e) {
      throw LibC.failed("write", name, e);
    }
  }

  /** Sets owner and then mode: the kernel takes set-id bits away when the owner changes. */
  public void own(long uid, long gid, int mode) throws IOException {
    try {
      LibC.fchown(descriptor, (int) uid, (int) gid);
      LibC.fchmod(descriptor, mode);
    } catch (LastErrorException e) {
      throw LibC.failed("chown", name, e);
    }
  }

  /** Gives this file the SELinux label of {@code other}; without SELinux nothing happens. */
  public void labelAs(SafeFile other) throws IOException {
    byte[] attribute = LibC.path("security.selinux");
    byte[] label = new byte[4096];
    long size;
    try {
      size = LibC.fgetxattr(other.descriptor, attribute, label, label.length);
    } catch (LastErrorException none) {
      return;
    }
    try {
      LibC.fsetxattr(descriptor, attribute, label, size, 0);
    } catch (LastErrorException e) {
      throw LibC.failed("label", name, e);
    }
  }

  /** Waits until the content is on the disk. */
  public void sync() throws IOException {
    try {
      LibC.fsync(descriptor);
    } catch (LastErrorException e) {
      throw LibC.failed("fsync", name, e);
    }
  }

  @Override
  public void close() throws IOException {
    if (open) {
      open = false;
      try {
        LibC.close(descriptor);
      } catch (LastErrorException e) {
        throw LibC.failed("close", name, e);
      }
    }
  }
}
