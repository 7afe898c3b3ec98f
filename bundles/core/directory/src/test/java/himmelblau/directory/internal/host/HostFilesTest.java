package himmelblau.directory.internal.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostFilesTest {
  @TempDir Path etc;

  private static boolean within(Duration time, BooleanSupplier wanted) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (!wanted.getAsBoolean() && System.nanoTime() < end) {
      Thread.sleep(1);
    }
    return wanted.getAsBoolean();
  }

  /** As the tools of the host write: a lock, a new file beside the old one, a rename. */
  private void replace(String name, String text) throws Exception {
    Path lock = Files.createFile(etc.resolve(name + ".lock"));
    Path fresh = Files.writeString(etc.resolve(name + "+"), text);
    Files.move(fresh, etc.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    Files.delete(lock);
  }

  @Test
  void aNewLocalAccountTakesEffectBeforeTheMapIsRewritten() throws Exception {
    Path passwd = Files.writeString(etc.resolve("passwd"), "root:x:0:0::/root:/bin/sh\n");
    Path group = Files.writeString(etc.resolve("group"), "root:x:0:\n");
    AtomicInteger changes = new AtomicInteger();
    try (HostFiles files =
        new HostFiles(passwd, group, etc.resolve("user-map"), changes::incrementAndGet)) {
      assertFalse(files.state().accounts().takesName("fresh"));
      replace("passwd", "root:x:0:0::/root:/bin/sh\nfresh:x:4711:4711::/home/fresh:/bin/sh\n");
      assertTrue(files.state().accounts().takesName("fresh"), "at once");
      assertEquals(0, changes.get());
      replace("group", "root:x:0:\nfresh:x:4711:\nstaff:x:50:\n");
      assertTrue(files.state().accounts().takesName("staff"), "at once");
      assertTrue(within(Duration.ofSeconds(10), () -> changes.get() > 0));
      Thread.sleep(400);
      int settled = changes.get();
      Files.writeString(etc.resolve("motd"), "nothing of ours");
      Thread.sleep(400);
      assertEquals(settled, changes.get());
    }
  }

  @Test
  void nothingNewIsTheSameObject() throws Exception {
    Path passwd = Files.writeString(etc.resolve("passwd"), "root:x:0:0::/root:/bin/sh\n");
    Path group = Files.writeString(etc.resolve("group"), "root:x:0:\n");
    try (HostFiles files = new HostFiles(passwd, group, etc.resolve("user-map"), () -> {})) {
      HostFiles.State state = files.state();
      replace("passwd", Files.readString(passwd));
      assertSame(state, files.state());
    }
  }

  @Test
  void accountsThatCannotBeReadAreStillThere() throws Exception {
    Path passwd = Files.writeString(etc.resolve("passwd"), "local:x:4711:4711::/:/bin/sh\n");
    Path group = Files.writeString(etc.resolve("group"), "root:x:0:\n");
    try (HostFiles files = new HostFiles(passwd, group, etc.resolve("user-map"), () -> {})) {
      Files.delete(group);
      Files.createDirectory(group); // the one way that stops root, too
      assertTrue(files.state().accounts().takesName("local"));
      assertTrue(files.state().accounts().takesName("root"), "of the group");
      Files.delete(group);
      Files.writeString(group, "staff:x:50:\n");
      assertTrue(files.state().accounts().takesName("staff"), "read again");
      assertFalse(files.state().accounts().takesName("root"));
    }
    Files.delete(passwd);
    Files.createDirectory(passwd);
    assertThrows(
        UncheckedIOException.class,
        () -> new HostFiles(passwd, group, etc.resolve("user-map"), () -> {}));
  }
}
