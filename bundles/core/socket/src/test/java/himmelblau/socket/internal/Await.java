package himmelblau.socket.internal;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** Waits for what must come, and counts what must be gone. */
final class Await {
  private Await() {}

  static void until(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("did not come to pass: " + what);
      }
      Thread.sleep(5);
    }
  }

  static int descriptors() {
    String[] all = new File("/proc/self/fd").list();
    return all == null ? -1 : all.length;
  }

  /** Threads, virtual ones included, whose name begins so. */
  static long threads(String name) throws IOException {
    Path folder = Files.createTempDirectory("threads");
    Path dump = folder.resolve("dump");
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
      return Files.readAllLines(dump).stream().filter(line -> line.contains("\"" + name)).count();
    } finally {
      Files.deleteIfExists(dump);
      Files.deleteIfExists(folder);
    }
  }
}
