package himmelblau.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class BundleRuntimeTest {
  private static final String STORAGE = "himmelblau.storage";

  @TempDir Path home;

  @BeforeEach
  void begin() throws Exception {
    Files.createDirectories(home.resolve("bundles/daemon"));
    System.setProperty(STORAGE, home.resolve("storage").toString());
  }

  @AfterEach
  void end() {
    System.clearProperty(STORAGE);
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aStopBeforeTheStartIsNotLost() throws Exception {
    BundleRuntime runtime = new BundleRuntime(home, LaunchOptions.parse(new String[0], Map.of()));
    runtime.stop(); // a signal may come at any time
    assertEquals(0, runtime.run("daemon"));
  }
}
