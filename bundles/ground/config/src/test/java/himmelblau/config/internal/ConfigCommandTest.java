package himmelblau.config.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.testing.doubles.RecordingTerminal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandTest {
  private static final String GOOD = "[global]\ndomain = example.org\n";

  @TempDir Path root;
  private RunningConfig.Reload next =
      new RunningConfig.Reload(Optional.empty(), List.of(), List.of());
  private int reloads;

  private final RunningConfig config =
      new RunningConfig() {
        @Override
        public Reload reload() {
          reloads++;
          return next;
        }

        @Override
        public ConfigReader reader() {
          return new ConfigReader(
              new ConfigFixture(root).layers(), Map.of(), ShippedOptions::catalog);
        }

        @Override
        public FoundInUse found() {
          return new FoundInUse();
        }
      };

  private RecordingTerminal run(int code, String typed, String... words) throws Exception {
    RecordingTerminal terminal = new RecordingTerminal(0, typed);
    assertEquals(code, new ConfigCommand(config).run(List.of(words), terminal));
    return terminal;
  }

  @Test
  void showIsWhatNoWordShows() throws Exception {
    new ConfigFixture(root).read(GOOD);
    List<String> shown = run(0, "", "show").out;
    assertEquals(run(0, "").out, shown);
    assertTrue(shown.stream().anyMatch(line -> line.startsWith("domain = example.org    # ")));
    assertEquals(0, reloads);
  }

  @Test
  void checkReadsWhatTheCallerSends() throws Exception {
    RecordingTerminal good = run(0, GOOD, "check", "/root/new.conf");
    assertEquals(
        List.of("read: /root/new.conf", "/root/new.conf: no errors, no warnings"), good.out);
    RecordingTerminal bad = run(1, GOOD + "shell = zsh\nxyz = 1\n", "check", "-");
    assertTrue(bad.out.get(1).startsWith("error: standard input:3: shell"), bad.out.toString());
    assertTrue(bad.out.get(2).startsWith("warning: standard input:4: unknown"));
    assertEquals("standard input: 1 error, 1 warning", bad.out.getLast());
    assertEquals(0, run(0, GOOD + "xyz = 1\n", "check", "x").err.size(), "a warning is no error");
    assertEquals(0, reloads, "nothing is put into effect");
  }

  @Test
  void checkReadsNoMoreThanAFileMayHave() throws Exception {
    RecordingTerminal terminal = run(1, "#".repeat((1 << 20) + 50_000), "check", "big");
    assertEquals(List.of("big: larger than 1 MiB. Is this a configuration file?"), terminal.err);
    assertTrue(terminal.left() >= 49_000, "the rest was not read");
    assertEquals(List.of(), terminal.out);
  }

  @Test
  void reloadTellsWhatChanged() throws Exception {
    assertEquals(List.of("No value has changed."), run(0, "", "reload").out);
    next =
        new RunningConfig.Reload(Optional.empty(), List.of("[global] a: b -> c"), List.of("f:1"));
    RecordingTerminal changed = run(0, "", "reload");
    assertEquals(List.of("[global] a: b -> c"), changed.out);
    assertEquals(List.of("error: f:1"), changed.err);
    next = new RunningConfig.Reload(Optional.of("refused: f:2"), List.of(), List.of());
    RecordingTerminal refused = run(1, "", "reload");
    assertEquals("refused: f:2", refused.err.getFirst());
    assertEquals(List.of(), refused.out);
    assertEquals(3, reloads);
  }

  @Test
  void otherWordsAreWrongUsage() throws Exception {
    for (List<String> words :
        List.of(
            List.of("check"),
            List.of("check", "a", "b"),
            List.of("show", "x"),
            List.of("reload", "x"),
            List.of("x"))) {
      RecordingTerminal terminal = run(2, "", words.toArray(String[]::new));
      assertTrue(terminal.err.getFirst().startsWith("Usage: aad-tool config [show|check FILE|"));
      assertFalse(terminal.streaming());
    }
  }
}
