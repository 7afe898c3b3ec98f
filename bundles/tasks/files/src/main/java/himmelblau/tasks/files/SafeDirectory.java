package himmelblau.tasks.files;

import com.sun.jna.LastErrorException;
import com.sun.jna.Pointer;
import himmelblau.tasks.files.FileEntry.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An open directory. All names are single components; none is ever followed when it is a symbolic
 * link. Not thread-safe.
 */
public final class SafeDirectory implements AutoCloseable {
  private static final int DIRECTORY =
      LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_NOFOLLOW | LibC.O_CLOEXEC;
  private static final int NAME_OFFSET = 19; // struct dirent, 64 bits: ino, off, reclen, type

  private final int descriptor;
  private final String shown;
  private boolean open = true;

  private SafeDirectory(int descriptor, String shown) {
    this.descriptor = descriptor;
    this.shown = shown;
  }

  /** The root of the file system. */
  static SafeDirectory root() throws IOException {
    return openAt(LibC.AT_FDCWD, LibC.path("/"), "/");
  }

  /**
   * Opens a directory that only root can have created: every directory on the way, and itself,
   * belongs to root and no other user may write there. Links on the way are followed, since only
   * root can have made them.
   *
   * @throws FileRefused if that is not so; says which directory
   */
  public static SafeDirectory openTrusted(String path) throws IOException {
    SafeDirectory directory = TrustedPath.open(path);
    try {
      FileEntry self = directory.self();
      if (!self.rootOnly()) {
        throw new FileRefused(
            path + " must belong to root and be writable by nobody else (chown root, chmod go-w)");
      }
      return directory;
    } catch (IOException e) {
      directory.close();
      throw e;
    }
  }

  /**
   * Opens a directory as {@link #openTrusted} does; the directory itself may belong to any user.
   */
  public static SafeDirectory openThroughTrusted(String path) throws IOException {
    return TrustedPath.open(path);
  }

  private static SafeDirectory openAt(int at, byte[] name, String shown) throws IOException {
    try {
      return new SafeDirectory(LibC.openat(at, name, DIRECTORY, 0), shown);
    } catch (LastErrorException e) {
      if (e.getErrorCode() == LibC.ENOTDIR || e.getErrorCode() == LibC.ELOOP) {
        throw new FileRefused(shown + " is not a directory");
      }
      throw LibC.failed("open", shown, e);
    }
  }

  /** Opens a directory in this one. */
  public SafeDirectory child(String name) throws IOException {
    return openAt(descriptor, LibC.name(name), path(name));
  }

  /** This directory's own entry. */
  public FileEntry self() throws IOException {
    return stat(new byte[1], LibC.AT_EMPTY_PATH, shown)
        .orElseThrow(() -> new IOException(shown + " has no status"));
  }

  /** The status of {@code name}, if it exists. */
  public Optional<FileEntry> entry(String name) throws IOException {
    return stat(LibC.name(name), LibC.AT_SYMLINK_NOFOLLOW, path(name));
  }

  private Optional<FileEntry> stat(byte[] name, int flags, String of) throws IOException {
    byte[] result = new byte[256];
    try {
      LibC.statx(descriptor, name, flags, LibC.STATX_BASIC_STATS, result);
      return Optional.of(FileEntry.of(result));
    } catch (LastErrorException e) {
      if (e.getErrorCode() == LibC.ENOENT) {
        return Optional.empty();
      }
      throw LibC.failed("statx", of, e);
    }
  }

  /** Where a link points to. */
  public String readLink(String name) throws IOException {
    byte[] target = new byte[4096];
    try {
      long size = LibC.readlinkat(descriptor, LibC.name(name), target, target.length);
      return LibC.text(target, (int) size);
    } catch (LastErrorException e) {
      throw LibC.failed("readlink", path(name), e);
    }
  }

  /**
   * Makes a new directory, for root only at first, and opens it.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is anything of that name
   */
  public SafeDirectory create(String name) throws IOException {
    try {
      LibC.mkdirat(descriptor, LibC.name(name), 0700);
    } catch (LastErrorException e) {
      throw exists("mkdir", name, e);
    }
    SafeDirectory made = child(name);
    try {
      FileEntry self = made.self();
      if (self.uid() != 0 || self.mode() != 0700) { // something else took its place
        throw new FileRefused(path(name) + " was replaced while it was being created");
      }
      return made;
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  /**
   * Makes a new file, for root only at first.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is anything of that name
   */
  public SafeFile createFile(String name) throws IOException {
    int flags = LibC.O_WRONLY | LibC.O_CREAT | LibC.O_EXCL | LibC.O_NOFOLLOW | LibC.O_CLOEXEC;
    try {
      return new SafeFile(LibC.openat(descriptor, LibC.name(name), flags, 0600), path(name));
    } catch (LastErrorException e) {
      throw exists("create", name, e);
    }
  }

  /** Opens a regular file for reading; anything else is refused. */
  public SafeFile openFile(String name) throws IOException {
    // O_NONBLOCK: opening a named pipe would block.
    int flags = LibC.O_RDONLY | LibC.O_NOFOLLOW | LibC.O_NONBLOCK | LibC.O_CLOEXEC;
    SafeFile file;
    try {
      file = new SafeFile(LibC.openat(descriptor, LibC.name(name), flags, 0), path(name));
    } catch (LastErrorException e) {
      if (e.getErrorCode() == LibC.ELOOP) {
        throw new FileRefused(path(name) + " is a symbolic link");
      }
      throw LibC.failed("open", path(name), e);
    }
    if (file.entry().kind() != Kind.FILE) {
      file.close();
      throw new FileRefused(path(name) + " is not a regular file");
    }
    return file;
  }

  /** Makes a symbolic link. */
  public void createLink(String name, String target) throws IOException {
    try {
      LibC.symlinkat(LibC.path(target), descriptor, LibC.name(name));
    } catch (LastErrorException e) {
      throw exists("symlink", name, e);
    }
  }

  /** Changes the owner of a link itself, not of its target. */
  public void ownLink(String name, long uid, long gid) throws IOException {
    try {
      LibC.fchownat(descriptor, LibC.name(name), (int) uid, (int) gid, LibC.AT_SYMLINK_NOFOLLOW);
    } catch (LastErrorException e) {
      throw LibC.failed("chown", path(name), e);
    }
  }

  /** Changes the owner of this directory. */
  public void own(long uid, long gid, int mode) throws IOException {
    try {
      LibC.fchown(descriptor, (int) uid, (int) gid);
      LibC.fchmod(descriptor, mode);
    } catch (LastErrorException e) {
      throw LibC.failed("chown", shown, e);
    }
  }

  /** Renames within this directory; what had the new name is replaced. */
  public void rename(String from, String to) throws IOException {
    rename(from, to, 0);
  }

  /**
   * Renames within this directory.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is anything of the new name
   */
  public void renameNew(String from, String to) throws IOException {
    rename(from, to, LibC.RENAME_NOREPLACE);
  }

  private void rename(String from, String to, int flags) throws IOException {
    try {
      LibC.renameat2(descriptor, LibC.name(from), descriptor, LibC.name(to), flags);
    } catch (LastErrorException e) {
      throw exists("rename " + from + " to", to, e);
    }
  }

  /** Removes anything but a directory. */
  public void remove(String name) throws IOException {
    unlink(name, 0);
  }

  /** Removes an empty directory. */
  public void removeDirectory(String name) throws IOException {
    unlink(name, LibC.AT_REMOVEDIR);
  }

  private void unlink(String name, int flags) throws IOException {
    try {
      LibC.unlinkat(descriptor, LibC.name(name), flags);
    } catch (LastErrorException e) {
      throw LibC.failed("remove", path(name), e);
    }
  }

  /**
   * All names but {@code .} and {@code ..}, in no order.
   *
   * @throws FileRefused if one is not UTF-8
   */
  public List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    Pointer stream;
    try {
      stream = LibC.fdopendir(LibC.dup(descriptor));
    } catch (LastErrorException e) {
      throw LibC.failed("list", shown, e);
    }
    try {
      LibC.rewinddir(stream); // the duplicate shares our position
      for (Pointer entry = LibC.readdir(stream); entry != null; entry = LibC.readdir(stream)) {
        int length = 0;
        while (entry.getByte(NAME_OFFSET + length) != 0) {
          length++;
        }
        String name = LibC.text(entry.getByteArray(NAME_OFFSET, length), length);
        if (!name.equals(".") && !name.equals("..")) {
          names.add(name);
        }
      }
    } finally {
      LibC.closedir(stream);
    }
    return names;
  }

  /** Waits until the names are on the disk. */
  public void sync() throws IOException {
    try {
      LibC.fsync(descriptor);
    } catch (LastErrorException e) {
      throw LibC.failed("fsync", shown, e);
    }
  }

  /** The path of {@code name} in this directory, for messages. */
  public String path(String name) {
    return shown.endsWith("/") ? shown + name : shown + "/" + name;
  }

  private IOException exists(String call, String name, LastErrorException e) {
    return e.getErrorCode() == LibC.EEXIST
        ? new java.nio.file.FileAlreadyExistsException(path(name))
        : LibC.failed(call, path(name), e);
  }

  @Override
  public String toString() {
    return shown;
  }

  @Override
  public void close() throws IOException {
    if (open) {
      open = false;
      try {
        LibC.close(descriptor);
      } catch (LastErrorException e) {
        throw LibC.failed("close", shown, e);
      }
    }
  }
}
