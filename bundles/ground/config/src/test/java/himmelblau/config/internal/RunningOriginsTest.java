package himmelblau.config.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.explain.OptionOrigins.Origin;
import himmelblau.api.explain.OptionUse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each value is shown with the line that set it, and with that line only. */
class RunningOriginsTest {
  @TempDir private Path directory;
  private ConfigFixture files;

  @BeforeEach
  void begin() {
    files = new ConfigFixture(directory);
  }

  private RunningOrigins origins(String text) throws Exception {
    return new RunningOrigins(files.read(text));
  }

  private Optional<String> at(int line) {
    return Optional.of(files.administrator() + ":" + line);
  }

  @Test
  void aValueHasItsLine() throws Exception {
    assertEquals(
        List.of(new Origin("enable_hello", "global", "false", at(3))),
        origins("[global]\ndomain = a.org\nenable_hello = false\n")
            .of(OptionUse.of("enable_hello")));
  }

  @Test
  void aDropInHasItsOwnFile() throws Exception {
    Path dropIn =
        files.dropIn(files.administrator(), "50-x.conf", "[global]\nenable_hello = false\n");
    assertEquals(
        Optional.of(dropIn + ":2"),
        origins("[global]\ndomain = a.org\nenable_hello = true\n")
            .of(OptionUse.of("enable_hello"))
            .getFirst()
            .place());
  }

  @Test
  void aDefaultHasNoLine() throws Exception {
    assertEquals(
        List.of(new Origin("enable_hello", "global", "true", Optional.empty())),
        origins("[global]\ndomain = a.org\n").of(OptionUse.of("enable_hello")));
  }

  @Test
  void whatIsNotSetAndHasNoDefaultHasNoValue() throws Exception {
    assertEquals(
        List.of(), origins("[global]\ndomain = a.org\n").of(OptionUse.of("pam_allow_groups")));
  }

  @Test
  void theSectionOfADomainComesFirst() throws Exception {
    RunningOrigins origins =
        origins(
            "[global]\ndomain = a.org,b.org\nidmap_range = 100000-200000\n"
                + "[b.org]\nidmap_range = 300000-400000\n");
    assertEquals(
        List.of(new Origin("idmap_range", "b.org", "300000-400000", at(5))),
        origins.of(OptionUse.of("idmap_range", "b.org")));
    assertEquals(
        List.of(new Origin("idmap_range", "global", "100000-200000", at(3))),
        origins.of(OptionUse.of("idmap_range", "a.org")));
  }

  @Test
  void theListOfAllSectionsHasALineForEach() throws Exception {
    RunningOrigins origins =
        origins(
            "[global]\ndomain = a.org\npam_allow_groups = x@a.org\n"
                + "[b.org]\npam_allow_groups = y@b.org, Z@b.org\n");
    assertEquals(
        List.of(
            new Origin("pam_allow_groups", "b.org", "y@b.org,Z@b.org", at(5)),
            new Origin("pam_allow_groups", "global", "x@a.org", at(3))),
        origins.of(OptionUse.of("pam_allow_groups")));
    assertEquals(
        List.of(new Origin("pam_allow_groups", "b.org", "y@b.org,Z@b.org", at(5))),
        origins.of(OptionUse.entry("pam_allow_groups", "z@b.org")));
  }

  @Test
  void bothSpellingsOfTheDomainsAreFound() throws Exception {
    assertEquals(
        List.of(new Origin("domains", "global", "a.org,b.org", at(2))),
        origins("[global]\ndomains = a.org, b.org\n").of(OptionUse.of("domain")));
  }

  @Test
  void breakglassHasItsOwnSection() throws Exception {
    assertEquals(
        List.of(new Origin("enabled", "offline_breakglass", "true", at(4))),
        origins("[global]\ndomain = a.org\n[offline_breakglass]\nenabled = true\n")
            .of(OptionUse.of("enabled", "offline_breakglass")));
  }
}
