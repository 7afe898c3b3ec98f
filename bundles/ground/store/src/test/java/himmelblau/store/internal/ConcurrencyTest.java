package himmelblau.store.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.store.Area;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ConcurrencyTest {
  private static final List<String> TABLE =
      List.of("CREATE TABLE sums_a (n INTEGER); INSERT INTO sums_a VALUES (0), (0)");

  @TempDir Path directory;

  private static void add(Area area, int first, int second) {
    area.write(
        c -> {
          Connections.execute(
              c,
              "UPDATE sums_a SET n = n + " + first + " WHERE rowid = 1",
              "UPDATE sums_a SET n = n + " + second + " WHERE rowid = 2");
          return null;
        });
  }

  @Test
  void readersDoNotWaitForTheWriterAndSeeTheStateBefore() throws Exception {
    CountDownLatch inTheMiddle = new CountDownLatch(1);
    CountDownLatch wasRead = new CountDownLatch(1);
    try (SqliteStore store = Stores.open(directory.resolve("store.db"));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Area area = store.area("sums", TABLE);
      Future<Boolean> writer =
          threads.submit(
              () ->
                  area.<Boolean>write(
                      c -> {
                        Connections.execute(c, "UPDATE sums_a SET n = 7");
                        inTheMiddle.countDown();
                        try {
                          return wasRead.await(30, TimeUnit.SECONDS);
                        } catch (InterruptedException e) {
                          return false;
                        }
                      }));
      inTheMiddle.await();
      assertEquals(0L, area.<Long>read(c -> Connections.number(c, "SELECT sum(n) FROM sums_a")));
      wasRead.countDown();
      assertTrue(writer.get());
      assertEquals(14L, area.<Long>read(c -> Connections.number(c, "SELECT sum(n) FROM sums_a")));
    }
  }

  @Test
  void manyThreadsReadAndWriteAtOnce() throws Exception {
    try (SqliteStore store = Stores.open(directory.resolve("store.db"));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Area area = store.area("sums", TABLE);
      List<Future<Long>> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        all.add(
            threads.submit(
                () -> {
                  for (int n = 0; n < 10; n++) {
                    add(area, 1, -1);
                  }
                  return 0L;
                }));
        all.add(
            threads.submit(
                () -> {
                  long off = 0;
                  for (int n = 0; n < 50; n++) {
                    off |= area.<Long>read(c -> Connections.number(c, "SELECT sum(n) FROM sums_a"));
                  }
                  return off;
                }));
      }
      for (Future<Long> each : all) {
        assertEquals(0L, each.get(), "a reader saw half a transaction");
      }
      assertEquals(
          200L,
          area.<Long>read(c -> Connections.number(c, "SELECT n FROM sums_a WHERE rowid = 1")));
    }
  }
}
