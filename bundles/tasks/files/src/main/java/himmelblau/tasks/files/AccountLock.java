package himmelblau.tasks.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The host's lock on its account files, which passwd, useradd, gpasswd and systemd also use
 * (lckpwdf(3)). Reentrant.
 */
final class AccountLock implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(15); // as lckpwdf
  private static final Duration BETWEEN = Duration.ofMillis(50);
  private static final ReentrantLock OURS = new ReentrantLock(true);

  private final @Nullable FileChannel channel;

  private AccountLock(@Nullable FileChannel channel) {
    this.channel = channel;
  }

  /** Takes the lock in {@code directory}. */
  static AccountLock take(Path directory) throws IOException, InterruptedException {
    if (!OURS.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IOException("The account files are locked by another task of himmelblaud_tasks");
    }
    boolean taken = false;
    try {
      AccountLock lock =
          OURS.getHoldCount() > 1 ? new AccountLock(null) : new AccountLock(file(directory));
      taken = true;
      return lock;
    } finally {
      if (!taken) {
        OURS.unlock();
      }
    }
  }

  private static FileChannel file(Path directory) throws IOException, InterruptedException {
    Path path = directory.resolve(".pwd.lock");
    FileChannel channel =
        FileChannel.open(
            path,
            java.util.Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                java.nio.file.LinkOption.NOFOLLOW_LINKS),
            java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                java.nio.file.attribute.PosixFilePermissions.fromString("rw-------")));
    boolean locked = false;
    try {
      long end = System.nanoTime() + PATIENCE.toNanos();
      for (FileLock lock = channel.tryLock(); lock == null; lock = channel.tryLock()) {
        if (System.nanoTime() > end) {
          throw new IOException(path + " is held by another program for more than 15 s");
        }
        Thread.sleep(BETWEEN);
      }
      locked = true;
      return channel;
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      if (channel != null) {
        channel.close(); // and with it the lock
      }
    } finally {
      OURS.unlock();
    }
  }
}
