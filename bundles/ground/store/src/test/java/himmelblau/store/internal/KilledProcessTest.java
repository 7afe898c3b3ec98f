package himmelblau.store.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.store.Area;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 in the middle of a write leaves the old state or the new one. */
class KilledProcessTest {
  @TempDir Path directory;

  @RepeatedTest(3)
  void aKilledWriterLosesNothingThatWasDone(RepetitionInfo repetition) throws Exception {
    Path file = directory.resolve("store.db");
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                KilledWriter.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long done = 0;
    try (BufferedReader out = writer.inputReader()) {
      while (done < 20L * repetition.getCurrentRepetition()) {
        done = Long.parseLong(out.readLine());
      }
      writer.toHandle().destroyForcibly(); // the process would close its stream, too
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        done = Math.max(done, Long.parseLong(line)); // the last one may be cut
      }
    }
    assertTrue(writer.waitFor(10, TimeUnit.SECONDS));
    try (SqliteStore store = Stores.open(file)) {
      Area area = store.area("kill", KilledWriter.TABLES);
      long left = area.read(c -> Connections.number(c, "SELECT count(*) FROM kill_left"));
      long right = area.read(c -> Connections.number(c, "SELECT count(*) FROM kill_right"));
      long check =
          area.read(
              c ->
                  Connections.number(
                      c,
                      "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"));
      assertEquals(left, right, "both halves of a transaction or neither");
      assertTrue(left >= done, "said to be done: " + done + ", found: " + left);
      assertEquals(1, check);
    }
  }
}
