package himmelblau.tasks.files;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The system calls, as the manual's section 2 describes them. Names are bytes that end in NUL. */
final class LibC {
  static final int AT_FDCWD = -100;
  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  static final int AT_REMOVEDIR = 0x200;
  static final int AT_EMPTY_PATH = 0x1000;
  static final int STATX_BASIC_STATS = 0x7ff;
  static final int RENAME_NOREPLACE = 1;

  static final int O_RDONLY = 0;
  static final int O_WRONLY = 1;
  static final int O_CREAT = 0100;
  static final int O_EXCL = 0200;
  static final int O_NONBLOCK = 04000;
  static final int O_CLOEXEC = 02000000;
  // These two differ between machines (asm/fcntl.h).
  static final int O_DIRECTORY = arm() ? 040000 : 0200000;
  static final int O_NOFOLLOW = arm() ? 0100000 : 0400000;

  static final int ENOENT = 2;
  static final int EEXIST = 17;
  static final int ENOTDIR = 20;
  static final int ELOOP = 40;

  static {
    Native.register(LibC.class, "c");
  }

  private LibC() {}

  private static boolean arm() {
    String machine = System.getProperty("os.arch", "");
    return machine.startsWith("aarch64") || machine.startsWith("arm") || machine.startsWith("ppc");
  }

  static native int openat(int directory, byte[] name, int flags, int mode)
      throws LastErrorException;

  static native int close(int descriptor) throws LastErrorException;

  static native int mkdirat(int directory, byte[] name, int mode) throws LastErrorException;

  static native int unlinkat(int directory, byte[] name, int flags) throws LastErrorException;

  static native int symlinkat(byte[] target, int directory, byte[] name) throws LastErrorException;

  static native long readlinkat(int directory, byte[] name, byte[] target, long size)
      throws LastErrorException;

  static native int renameat2(int from, byte[] name, int to, byte[] fresh, int flags)
      throws LastErrorException;

  static native int fchown(int descriptor, int uid, int gid) throws LastErrorException;

  static native int fchownat(int directory, byte[] name, int uid, int gid, int flags)
      throws LastErrorException;

  static native int fchmod(int descriptor, int mode) throws LastErrorException;

  static native int fsync(int descriptor) throws LastErrorException;

  static native int dup(int descriptor) throws LastErrorException;

  static native long read(int descriptor, byte[] bytes, long size) throws LastErrorException;

  static native long write(int descriptor, byte[] bytes, long size) throws LastErrorException;

  static native long fgetxattr(int descriptor, byte[] name, byte[] value, long size)
      throws LastErrorException;

  static native int fsetxattr(int descriptor, byte[] name, byte[] value, long size, int flags)
      throws LastErrorException;

  static native int statx(int directory, byte[] name, int flags, int mask, byte[] result)
      throws LastErrorException;

  static native Pointer fdopendir(int descriptor) throws LastErrorException;

  static native @Nullable Pointer readdir(Pointer stream);

  static native void rewinddir(Pointer stream);

  static native int closedir(Pointer stream) throws LastErrorException;

  /** A whole path or a link's target, which may hold slashes. */
  static byte[] path(String text) throws FileRefused {
    if (text.isEmpty() || text.indexOf('\0') >= 0) {
      throw new FileRefused("Not a path: \"" + text + "\"");
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  /** One component of a path. */
  static byte[] name(String text) throws FileRefused {
    byte[] bytes = path(text);
    if (text.equals(".") || text.equals("..") || text.indexOf('/') >= 0 || bytes.length > 256) {
      throw new FileRefused("Not the name of a file: \"" + text + "\"");
    }
    return bytes;
  }

  static String text(byte[] bytes, int length) throws FileRefused {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(java.nio.ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new FileRefused("A name that is not UTF-8");
    }
  }

  /** Says which call failed on what. */
  static IOException failed(String call, Object on, LastErrorException e) {
    return new IOException(call + " " + on + ": " + e.getMessage(), e);
  }
}
