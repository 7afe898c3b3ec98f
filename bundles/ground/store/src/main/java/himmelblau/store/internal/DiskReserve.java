package himmelblau.store.internal;

import himmelblau.api.log.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Disk space that is released when the disk is full, so that sign-ins, which write little, continue
 * until space has been freed. Thread-safe.
 */
final class DiskReserve {
  private static final Log LOG = Log.of(DiskReserve.class);
  private static final int CHUNK = 64 << 10;

  private final Path file;
  private final long size;
  private boolean released;

  /**
   * @param size in bytes; it is only taken from a disk that has four times as much
   */
  DiskReserve(Path file, long size) {
    this.file = file;
    this.size = size;
  }

  /** Takes the room, unless it is taken already or there is too little. */
  synchronized void fill() {
    try {
      if (whole()) {
        released = false;
        return;
      }
      Files.deleteIfExists(file);
      if (Files.getFileStore(file.toAbsolutePath().getParent()).getUsableSpace() < 4 * size) {
        return;
      }
      write();
      if (released) {
        LOG.info("store.reserve.restored", "bytes", size);
      }
      released = false;
    } catch (IOException e) {
      LOG.warn("store.reserve.not_taken", "file", file, "reason", e.getMessage());
      discard();
    }
  }

  private boolean whole() throws IOException {
    return Files.isRegularFile(file) && Files.size(file) == size;
  }

  /** Writes all of it: a file with holes reserves nothing. */
  private void write() throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      ByteBuffer zeroes = ByteBuffer.allocate(CHUNK);
      for (long left = size; left > 0; left -= zeroes.position()) {
        zeroes.clear().limit((int) Math.min(CHUNK, left));
        while (zeroes.hasRemaining()) {
          channel.write(zeroes);
        }
      }
      channel.force(true);
    }
  }

  /**
   * Gives the room up.
   *
   * @return whether there was any
   */
  synchronized boolean release() {
    boolean there = discard();
    if (there) {
      released = true;
      LOG.error("store.reserve.released", null, "bytes", size, "why", "the disk is full");
    }
    return there;
  }

  private boolean discard() {
    try {
      return Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("store.reserve.not_released", "file", file, "reason", e.getMessage());
      return false;
    }
  }

  /** Whether the disk was full and has no room for the reserve yet. */
  synchronized boolean released() {
    return released;
  }
}
