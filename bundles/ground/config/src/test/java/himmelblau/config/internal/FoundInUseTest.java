package himmelblau.config.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.status.OptionFindings;
import himmelblau.api.status.OptionFindings.OptionFinding;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoundInUseTest {
  private static final String DOMAIN = "example.org";

  @TempDir Path root;
  private final FoundInUse found = new FoundInUse();

  private EffectiveConfig read(String text) throws Exception {
    return new ConfigFixture(root).read(text);
  }

  private static OptionFindings unknown(String domain) {
    return () -> List.of(new OptionFinding(domain, "app_id", "app_id = x is unknown"));
  }

  @Test
  void aFindingBeginsWithTheFileAndTheLineThatCount() throws Exception {
    found.add(unknown(DOMAIN));
    String file = new ConfigFixture(root).administrator().toString();
    EffectiveConfig both =
        read("[global]\ndomain = example.org\napp_id = y\n\n[example.org]\napp_id = x\n");
    assertEquals(List.of(file + ":6: app_id = x is unknown"), found.in(both));
    EffectiveConfig global = read("[global]\n# moved\ndomain = example.org\napp_id = x\n");
    assertEquals(List.of(file + ":4: app_id = x is unknown"), found.in(global));
  }

  @Test
  void theSectionOfAnotherDomainDoesNotCount() throws Exception {
    found.add(unknown(DOMAIN));
    EffectiveConfig other =
        read("[global]\ndomain = example.org, example.com\n[example.com]\napp_id = x\n");
    assertEquals(List.of("app_id = x is unknown"), found.in(other));
  }

  @Test
  void aBundleThatStoppedHasNoFindings() throws Exception {
    OptionFindings first = unknown(DOMAIN);
    found.add(first);
    found.add(unknown("example.com"));
    found.remove(first);
    EffectiveConfig config = read("[global]\ndomain = example.org\n[example.org]\napp_id = x\n");
    assertEquals(List.of("app_id = x is unknown"), found.in(config));
  }

  @Test
  void theEffectiveConfigurationListsThemWithTheOtherErrors() throws Exception {
    found.add(unknown(DOMAIN));
    EffectiveConfig config = read("[global]\ndomain = example.org\nshell = zsh\napp_id = x\n");
    List<String> lines = ConfigDump.lines(config, found.in(config));
    String file = new ConfigFixture(root).administrator().toString();
    assertTrue(
        lines.indexOf("# error: " + file + ":4: app_id = x is unknown") < lines.indexOf("[global]"),
        lines.toString());
    assertTrue(lines.contains("# error: " + file + ":4: app_id = x is unknown"), lines.toString());
  }
}
