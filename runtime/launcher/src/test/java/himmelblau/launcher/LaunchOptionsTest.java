package himmelblau.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LaunchOptionsTest {
  @Test
  void readsTheCommandLineOverTheEnvironment() throws Exception {
    LaunchOptions options =
        LaunchOptions.parse(
            new String[] {"-c", "/etc/a.conf", "-d", "-r"}, Map.of("HIMMELBLAU_CONFIG", "/b"));
    assertEquals(new LaunchOptions(Optional.of("/etc/a.conf"), true, false, true), options);
  }

  @Test
  void readsTheEnvironment() throws Exception {
    LaunchOptions options =
        LaunchOptions.parse(
            new String[0], Map.of("HIMMELBLAU_CONFIG", "/b", "HIMMELBLAU_SKIP_ROOT_CHECK", "1"));
    assertEquals(new LaunchOptions(Optional.of("/b"), false, false, true), options);
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertTrue(
        assertThrows(
                LaunchOptions.Unusable.class,
                () -> LaunchOptions.parse(new String[] {"-x"}, Map.of()))
            .getMessage()
            .contains("-x"));
    assertThrows(
        LaunchOptions.Unusable.class, () -> LaunchOptions.parse(new String[] {"-c"}, Map.of()));
  }
}
