package himmelblau.config.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CandidateTest {
  private static final Path NEW = Path.of("/root/new.conf");

  @TempDir Path root;
  private ConfigFixture host;

  @BeforeEach
  void host() {
    host = new ConfigFixture(root);
  }

  private Candidate check(String text) {
    return check(text.getBytes(StandardCharsets.UTF_8));
  }

  private Candidate check(byte[] content) {
    return Candidate.of(
        host.layers(), new CandidateFile(NEW, content), Map.of(), ShippedOptions.catalog());
  }

  @Test
  void takesThePlaceOfTheMainFileWithTheDropInsOfTheHost() throws Exception {
    host.put(host.administrator(), "[global]\ndomain = old.example\nshell = bad\n");
    Path dropIn = host.dropIn(host.vendor(), "50.conf", "[global]\nhello_pin_min_lenght = 8\n");
    host.put(host.written(), "[global]\nshell = /bin/no\n");
    Candidate found = check("[global]\ndomain = new.example\n");
    assertEquals(List.of(NEW, dropIn, host.written()), found.files());
    assertEquals(List.of(), found.errors(), "nothing of the file that it replaces");
    assertEquals(2, found.warnings().size(), found.toString());
    assertTrue(
        found.warnings().stream().anyMatch(line -> line.startsWith(dropIn + ":2: unknown option")),
        found.toString());
    assertTrue(found.valid());
  }

  @Test
  void everyFindingIsToldWithItsLine() {
    Candidate found =
        check(
            """
            [global]
            shell = zsh
            cache_timeout = soon
            idmap_range = 2100000000-2100000009
            [globl]
            x = y
            """);
    assertFalse(found.valid());
    assertTrue(found.errors().get(0).startsWith("No domain is configured"), found.toString());
    assertTrue(found.errors().get(1).startsWith(NEW + ":2: shell"), found.toString());
    assertTrue(found.errors().get(2).startsWith(NEW + ":3: cache_timeout"), found.toString());
    assertEquals(3, found.errors().size());
    assertTrue(found.warnings().get(0).startsWith(NEW + ":6: Section [globl]"), found.toString());
  }

  @Test
  void whatConcernsSeveralOptionsNamesALine() {
    Candidate found =
        check("[global]\ndomain = example.org\nidmap_range = 2100000000-2100000009\n");
    assertEquals(1, found.errors().size(), found.toString());
    assertTrue(
        found.errors().getFirst().startsWith(NEW + ":3: idmap_range = 2100000000"),
        found.toString());
    Candidate nobody = check("[global]\ndomain = example.org\npam_allow_groups =\n");
    assertTrue(
        nobody.errors().getFirst().startsWith(NEW + ":3: pam_allow_groups is set"),
        nobody.toString());
  }

  @Test
  void allLinesThatCannotBeReadAreTold() throws Exception {
    Candidate found = check("[global\n[example.org]\n= x\n");
    assertFalse(found.valid());
    assertEquals(
        List.of(
            NEW + ":1: a section line without the closing ], as in [global]",
            NEW + ":3: a value without the name of an option before it"),
        found.errors().subList(0, 2));
    Path dropIn = host.dropIn(host.administrator(), "50.conf", "[x\n");
    Candidate other = check("[global]\ndomain = example.org\n");
    assertFalse(other.valid(), "the host could not use it with this drop-in");
    assertTrue(other.errors().getFirst().startsWith(dropIn + ":1: "), other.toString());
  }

  @Test
  void whatIsNoTextEndsEarly() {
    Candidate found = check("[x\n".repeat(300_000));
    assertEquals(101, found.errors().size());
    assertTrue(check(new byte[] {(byte) 0xff}).errors().getFirst().contains("not UTF-8"));
  }

  @Test
  void anEmptyFileHidesTheOthersAsAtTheStart() throws Exception {
    host.put(host.vendor(), "[global]\ndomain = example.org\n");
    Candidate found = check("");
    assertTrue(found.errors().getFirst().startsWith("No domain"), found.toString());
  }

  @Test
  void nothingIsOpenedOrChangedInItsName() throws Exception {
    Path file = host.put(host.administrator(), "[global]\ndomain = example.org\n");
    byte[] before = Files.readAllBytes(file);
    Path absent = root.resolve("not/there.conf");
    Candidate found =
        Candidate.of(
            host.layers(),
            new CandidateFile(
                absent, "[global]\ndomain = a.example\n".getBytes(StandardCharsets.UTF_8)),
            Map.of(),
            ShippedOptions.catalog());
    assertTrue(found.valid(), found.toString());
    assertFalse(Files.exists(absent));
    assertArrayEquals(before, Files.readAllBytes(file));
  }
}
