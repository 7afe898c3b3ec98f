package himmelblau.config.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigChangesTest {
  private static final String HOST = "[global]\ndomain = example.org, example.com\n";

  @TempDir Path root;

  private List<String> changes(String before, String after) throws Exception {
    ConfigFixture host = new ConfigFixture(root);
    EffectiveConfig old = host.read(before);
    return ConfigChanges.between(old, host.read(after)).stream()
        .map(line -> line.replace(host.administrator().toString(), "conf"))
        .toList();
  }

  @Test
  void aValueIsToldOnceWithItsNewOrigin() throws Exception {
    assertEquals(
        List.of("[global] shell: /bin/bash -> /bin/zsh    # conf:3"),
        changes(HOST, HOST + "shell = /bin/zsh\n"));
    assertEquals(
        List.of("[global] shell: /bin/zsh -> /bin/bash"),
        changes(HOST + "shell = /bin/zsh\n", HOST));
    assertEquals(
        List.of("[example.com] home_prefix: /home/ -> /c/    # conf:4"),
        changes(HOST, HOST + "[example.com]\nhome_prefix = /c/\n"));
  }

  @Test
  void breakglassAndListsCount() throws Exception {
    assertEquals(
        List.of(
            "[global] pam_allow_groups: not set -> a@example.org,b@example.org    # conf:3",
            "[offline_breakglass] enabled: false -> true    # conf:5"),
        changes(
            HOST,
            HOST
                + "pam_allow_groups = a@example.org,b@example.org\n"
                + "[offline_breakglass]\nenabled = true\n"));
  }

  @Test
  void domainsComeAndGo() throws Exception {
    assertEquals(
        List.of(
            "[global] domains: example.org,example.com -> example.org,example.net    # conf:2",
            "[example.com] is no domain of this host any more",
            "[example.net] is a domain of this host now"),
        changes(HOST, "[global]\ndomains = example.org, example.net\n"));
  }

  @Test
  void aLineThatMovedChangesNothing() throws Exception {
    assertEquals(List.of(), changes(HOST, "# moved\n" + HOST));
  }
}
