package himmelblau.directory.internal.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.directory.GroupEntry;
import himmelblau.api.directory.LookupAnswer;
import himmelblau.directory.internal.DirectoryFixture;
import himmelblau.directory.internal.host.NamesInRules;
import himmelblau.directory.internal.ids.IdRange;
import himmelblau.directory.internal.options.GlobalSettings;
import himmelblau.directory.internal.store.StoredGroup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupNamesTest {
  private static final String ID = "cd4ebec9-434c-4bad-af7c-9c39a4127551";
  private static final String GROUP = "bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6";
  private static final Duration BUDGET = Duration.ofSeconds(1);

  @TempDir Path folder;
  private DirectoryFixture fixture;

  @BeforeEach
  void begin() throws Exception {
    fixture = new DirectoryFixture(folder);
  }

  @AfterEach
  void end() {
    fixture.close();
  }

  /** As getent shows it by object id and by gid, and the map; all three must agree. */
  private String shown(String displayName) throws Exception {
    fixture
        .directory()
        .record(
            DirectoryFixture.user("user02", ID),
            Optional.of(List.of(DirectoryFixture.group(displayName, GROUP))));
    GroupEntry byId = found(fixture.directory().groupByName(GROUP, BUDGET));
    GroupEntry byGid = found(fixture.directory().groupById(byId.gid(), BUDGET));
    assertEquals(byId, byGid);
    return byId.name();
  }

  private static GroupEntry found(LookupAnswer<GroupEntry> answer) {
    return ((LookupAnswer.Found<GroupEntry>) answer).value();
  }

  @ParameterizedTest
  @ValueSource(strings = {"datengruppe", "Marketing", "Project X"})
  void anOrdinaryNameIsShown(String name) throws Exception {
    assertEquals(name, shown(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wheel",
        "WHEEL",
        "sudo",
        "adm",
        "docker",
        "lxd",
        "libvirt",
        "kvm",
        "disk",
        "shadow",
        "root",
        "systemd-journal",
        "grafana",
        "ALL",
        "all",
        "%admins",
        "#0",
        "!x",
        "&x",
        "*",
        "ad*",
        "a?min",
        "~x",
        "x\"y",
        " wheel",
        "wheel ",
        "ｗｈｅｅｌ",
        "staff",
        "Staff",
        "local",
        "1000",
        "a:b",
        "two\nlines",
        "somebody@example.org",
        "0d0d0d0d-0000-4000-8000-00000000000d"
      })
  void oneThatCouldBeTakenForARightIsNot(String name) throws Exception {
    assertEquals(GROUP, shown(name));
  }

  @Test
  void namesInRulesAreNotShownAndComeBackWhenTheRuleGoes() throws Exception {
    assertEquals("datengruppe", shown("datengruppe"));
    fixture.mentioned(Set.of("DatenGruppe"));
    assertEquals(GROUP, shown("datengruppe"));
    assertEquals("Andere", shown("Andere"));
    fixture.mentioned(Set.of("and*e"));
    assertEquals(GROUP, shown("Andere"));
    assertEquals("datengruppe", shown("datengruppe"));
  }

  @Test
  void aRuleThatNamesTheObjectIdFindsTheGroupByIt() throws Exception {
    fixture.mentioned(Set.of(GROUP));
    assertEquals(GROUP, shown("datengruppe"));
  }

  @Test
  void whatTheHelperHasNotToldCouldBeAnyName() throws Exception {
    fixture.close();
    fixture = new DirectoryFixture(Files.createDirectories(folder.resolve("other")), false);
    assertEquals(GROUP, shown("datengruppe"));
    fixture.mentioned(Set.of("*")); // the rules could not be read
    assertEquals(GROUP, shown("datengruppe"));
    fixture.mentioned(Set.of());
    assertEquals("datengruppe", shown("datengruppe"));
  }

  @Test
  void aRestartKnowsWhatTheHelperTold() throws Exception {
    fixture.mentioned(Set.of("datengruppe"));
    fixture.restart(
        fixture.settings(GlobalSettings.Source.NAME, true, Optional.empty()),
        DirectoryFixture.domain(DirectoryFixture.DOMAIN, IdRange.DEFAULT));
    assertEquals(GROUP, shown("datengruppe"));
    assertEquals("Andere", shown("Andere"));
  }

  @Test
  void theStatusSaysWhichObjectIdToWrite() throws Exception {
    shown("datengruppe");
    fixture.mentioned(Set.of("datengruppe"));
    assertTrue(
        fixture.troubles().stream().anyMatch(text -> text.contains("\"datengruppe\" = " + GROUP)),
        fixture.troubles().toString());
    fixture.mentioned(Set.of("datengruppe", GROUP));
    assertEquals(List.of(), fixture.troubles());
  }

  @Test
  void anOptionShowsAllByObjectId() {
    GroupNames names = new GroupNames(false, Optional.of(NamesInRules.of(List.of())));
    StoredGroup group =
        new StoredGroup(
            UUID.fromString(GROUP),
            "datengruppe",
            4711,
            "x",
            java.util.OptionalLong.empty(),
            DirectoryFixture.DOMAIN);
    assertEquals(GROUP, names.shown(group, fixture.engine.setup().host().accounts()));
  }
}
