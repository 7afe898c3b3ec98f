package himmelblau.tasks.files;

import java.io.IOException;
import java.io.InterruptedIOException;

/** Copies and removes directory trees without following a link. */
public final class Trees {
  private static final int MOST_DEPTH = 64;
  private static final int FILE_BITS = 0777;
  private static final int DIRECTORY_BITS = 0750;

  private Trees() {}

  /**
   * Copies what is in {@code from} into {@code to}, owned by {@code uid} and {@code gid}. Files
   * keep their permission bits (no set-id bits), directories get at most 0750, links are copied as
   * links, devices and similar files are omitted.
   *
   * @throws InterruptedIOException if the thread was interrupted
   */
  public static void copy(SafeDirectory from, SafeDirectory to, long uid, long gid)
      throws IOException {
    copy(from, to, uid, gid, 0);
  }

  private static void copy(SafeDirectory from, SafeDirectory to, long uid, long gid, int depth)
      throws IOException {
    if (depth > MOST_DEPTH) {
      throw new FileRefused(from + " is nested too deeply");
    }
    for (String name : from.names()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("Stopped while copying " + from);
      }
      FileEntry entry = from.entry(name).orElse(null);
      if (entry == null) {
        continue;
      }
      switch (entry.kind()) {
        case DIRECTORY -> {
          try (SafeDirectory source = from.child(name);
              SafeDirectory target = to.create(name)) {
            copy(source, target, uid, gid, depth + 1);
            target.own(uid, gid, entry.mode() & DIRECTORY_BITS);
          }
        }
        case FILE -> copyFile(from, to, name, uid, gid);
        case LINK -> {
          to.createLink(name, from.readLink(name));
          to.ownLink(name, uid, gid);
        }
        case OTHER -> {
          // a pipe or a device has no place in a home
        }
      }
    }
  }

  private static void copyFile(
      SafeDirectory from, SafeDirectory to, String name, long uid, long gid) throws IOException {
    byte[] block = new byte[65536];
    try (SafeFile source = from.openFile(name);
        SafeFile target = to.createFile(name)) {
      for (int size = source.read(block); size >= 0; size = source.read(block)) {
        target.write(block, size);
      }
      target.own(uid, gid, source.entry().mode() & FILE_BITS);
    }
  }

  /** Removes {@code name} and all below it. */
  public static void remove(SafeDirectory from, String name) throws IOException {
    remove(from, name, 0);
  }

  private static void remove(SafeDirectory from, String name, int depth) throws IOException {
    if (depth > MOST_DEPTH) {
      throw new FileRefused(from + " is nested too deeply");
    }
    FileEntry entry = from.entry(name).orElse(null);
    if (entry == null) {
      return;
    }
    if (!entry.directory()) {
      from.remove(name);
      return;
    }
    try (SafeDirectory child = from.child(name)) {
      for (String each : child.names()) {
        remove(child, each, depth + 1);
      }
    }
    from.removeDirectory(name);
  }
}
