package himmelblau.directory.internal.assign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.directory.LookupAnswer;
import himmelblau.api.directory.PasswdEntry;
import himmelblau.directory.internal.DirectoryFixture;
import himmelblau.directory.internal.compare.IdComparison;
import himmelblau.directory.internal.compare.IdmapReport;
import himmelblau.directory.internal.compare.OtherMachineIds;
import himmelblau.directory.internal.ids.IdRange;
import himmelblau.directory.internal.options.DomainSettings;
import himmelblau.directory.internal.options.DomainSettings.HomeName;
import himmelblau.directory.internal.options.GlobalSettings;
import himmelblau.directory.internal.options.GlobalSettings.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options that would change ids of users: never applied silently, never at once. */
class IdRulesInForceTest {
  private static final String ID = "cd4ebec9-434c-4bad-af7c-9c39a4127551";
  private static final String GROUP = "4210d86f-ce97-4aff-97f7-bd3789727903";
  private static final long BY_NAME = 773235643L;
  private static final long BY_UUID = 1366826980L;
  private static final IdRange OTHER = new IdRange(300_000, 399_999);

  @TempDir Path folder;
  private DirectoryFixture fixture;

  @BeforeEach
  void somebodyIsKnown() throws Exception {
    fixture = new DirectoryFixture(folder);
    fixture.start();
    await(() -> !fixture.map.published.isEmpty());
    fixture
        .directory()
        .record(
            DirectoryFixture.user("user02", ID),
            Optional.of(List.of(DirectoryFixture.group("team", GROUP))));
  }

  @AfterEach
  void end() {
    fixture.close();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 500 && !condition.getAsBoolean(); i++) {
      Thread.sleep(10);
    }
    assertTrue(condition.getAsBoolean());
  }

  private GlobalSettings settings(Source source) {
    return fixture.settings(source, true, Optional.empty());
  }

  private PasswdEntry user(String name) {
    return fixture.directory().userByName(name, DirectoryFixture.BUDGET)
            instanceof LookupAnswer.Found<PasswdEntry> found
        ? found.value()
        : new PasswdEntry("nobody", -1, -1, "", "", "");
  }

  @Test
  void theOldOnesStayAndAnAdministratorIsTold() throws Exception {
    int published = fixture.map.published.size();
    fixture.configure(settings(Source.UUID));
    await(() -> fixture.map.published.size() > published);
    assertEquals(BY_NAME, user("user02").uid());
    assertEquals(BY_NAME, fixture.map.published.getLast().users().getFirst().entry().uid());
    String trouble = String.join("\n", fixture.troubles());
    assertTrue(trouble.contains("id_attr_map = uuid instead of name"), trouble);
    assertTrue(trouble.contains("1 user and 1 group"), trouble);
    assertTrue(trouble.contains("aad-tool idmap reassign"), trouble);
    assertEquals(
        1,
        new IdmapReport(fixture.engine)
            .findings(new IdComparison(OtherMachineIds.NOWHERE, fixture.engine.setup()))
            .size());

    fixture
        .directory()
        .record(
            DirectoryFixture.user("user01", "97bfcfc4-fb12-445e-aaca-28c6b5375855"),
            Optional.empty());
    assertEquals(680773750L, user("user01").uid(), "newcomers too go by the rules in force");

    fixture.configure(settings(Source.NAME));
    assertEquals(List.of(), fixture.troubles(), "put back");
  }

  @Test
  void aRangeIsHeldWhileOtherOptionsTakeEffect() throws Exception {
    fixture.add(
        DirectoryFixture.DOMAIN,
        new DomainSettings(
            DirectoryFixture.DOMAIN,
            List.of(),
            OTHER,
            "/srv/",
            HomeName.CN,
            HomeName.CN,
            "/bin/dash"));
    assertEquals(BY_NAME, user("user02").uid());
    assertEquals("/bin/dash", user("user02").shell());
    assertEquals("/srv/user02", user("user02").directory());
    String trouble = fixture.troubles().getFirst();
    assertTrue(
        trouble.contains(
            "idmap_range = 300000-399999 of "
                + DirectoryFixture.DOMAIN
                + " instead of 200000-2000200000"),
        trouble);
  }

  @Test
  void aRangeThatTheHostNeedsHidesNoUser() {
    fixture.add(
        DirectoryFixture.DOMAIN,
        DirectoryFixture.domain(DirectoryFixture.DOMAIN, new IdRange(0, 70_000)));
    assertEquals(BY_NAME, user("user02").uid());
    assertEquals(1, fixture.troubles().size());
  }

  @Test
  void reassigningReportsTheNewIds() throws Exception {
    fixture.configure(settings(Source.UUID));
    List<String> expected =
        List.of(
            "user02@" + DirectoryFixture.DOMAIN + ": " + BY_NAME + " -> " + BY_UUID,
            "group " + GROUP + ": " + gid() + " -> 58490825");
    assertEquals(expected, fixture.engine.rehearse().stream().map(Object::toString).toList());
    assertEquals(BY_NAME, user("user02").uid(), "a rehearsal changes nothing");
    assertEquals(expected, fixture.engine.reassign().stream().map(Object::toString).toList());
    assertEquals(BY_UUID, user("user02").uid());
    assertEquals(58490825L, gid());
    assertEquals(BY_UUID, fixture.map.published.getLast().users().getFirst().entry().uid());
    assertEquals(List.of(), fixture.troubles());
    assertEquals(List.of(), fixture.engine.reassign(), "nothing is left to do");
  }

  private long gid() {
    return fixture.map.published.getLast().groups().isEmpty()
        ? fixture.map.changes.getLast().groups().getFirst().entry().gid()
        : fixture.map.published.getLast().groups().getFirst().entry().gid();
  }

  @Test
  void withoutKnownUsersNewRulesTakeEffectAtOnce() throws Exception {
    fixture.directory().clear();
    fixture.configure(settings(Source.UUID));
    assertEquals(List.of(), fixture.troubles());
    fixture.directory().record(DirectoryFixture.user("user02", ID), Optional.empty());
    assertEquals(BY_UUID, user("user02").uid());
  }

  @Test
  void newRulesTakeEffectWhenTheUsersAreForgotten() throws Exception {
    fixture.configure(settings(Source.UUID));
    fixture.directory().clear();
    fixture.engine.changed();
    assertEquals(List.of(), fixture.troubles());
    fixture.directory().record(DirectoryFixture.user("user02", ID), Optional.empty());
    assertEquals(BY_UUID, user("user02").uid());
  }

  @Test
  void newRulesTakeEffectAtAStartWhichReportsChangedIds() throws Exception {
    fixture.restart(
        settings(Source.UUID), DirectoryFixture.domain(DirectoryFixture.DOMAIN, IdRange.DEFAULT));
    await(() -> user("user02").uid() == BY_UUID);
    await(() -> fixture.troubles().size() == 1);
    String trouble = fixture.troubles().getFirst();
    assertTrue(trouble.contains(BY_NAME + " -> " + BY_UUID), trouble);
    fixture.restart(
        settings(Source.UUID), DirectoryFixture.domain(DirectoryFixture.DOMAIN, IdRange.DEFAULT));
    int published = fixture.map.published.size();
    await(() -> fixture.map.published.size() > published);
    assertEquals(List.of(), fixture.troubles(), "it was the start before");
  }

  @Test
  void aStartWithARangeThatIsRefusedLeavesTheIds() throws Exception {
    int published = fixture.map.published.size();
    fixture.restart(
        settings(Source.NAME),
        DirectoryFixture.domain(DirectoryFixture.DOMAIN, new IdRange(0, 70_000)));
    await(() -> fixture.map.published.size() > published);
    assertEquals(List.of(), fixture.map.published.getLast().users());
    assertTrue(fixture.troubles().getFirst().contains("overlaps ids of"));
    fixture.add(
        DirectoryFixture.DOMAIN, DirectoryFixture.domain(DirectoryFixture.DOMAIN, IdRange.DEFAULT));
    assertEquals(BY_NAME, user("user02").uid());
    assertEquals(List.of(), fixture.troubles());
  }

  @Test
  void aDomainThatLeavesAndReturnsKeepsItsIdsAlsoWithAnotherRange() {
    fixture.remove(DirectoryFixture.DOMAIN);
    assertEquals("nobody", user("user02").name());
    fixture.add(DirectoryFixture.DOMAIN, DirectoryFixture.domain(DirectoryFixture.DOMAIN, OTHER));
    assertEquals(BY_NAME, user("user02").uid());
    assertEquals(1, fixture.troubles().size());
  }

  @Test
  void theUserMapTakesEffectAtOnceForKnownUsers() throws Exception {
    Path map = fixture.etc.resolve("user-map");
    Files.writeString(map, "local:user02@" + DirectoryFixture.DOMAIN + "\n");
    await(() -> user("user02@" + DirectoryFixture.DOMAIN).uid() == 1500);
    assertEquals("local", user("user02@" + DirectoryFixture.DOMAIN).name());
    assertEquals(List.of(), fixture.troubles());
    assertEquals(List.of(), fixture.engine.rehearse());
    Files.delete(map);
    await(() -> user("user02").uid() == BY_NAME);
  }

  @Test
  void aNewDomainHasItsOwnRangeWhileOthersAreHeld() throws Exception {
    fixture.configure(settings(Source.UUID));
    fixture.add(
        "new.example",
        DirectoryFixture.domain("new.example", new IdRange(2_000_300_000L, 2_000_399_999L)));
    DirectoryUser user =
        new DirectoryUser(
            new AccountName("x", "new.example"),
            Optional.empty(),
            Optional.empty(),
            "X",
            himmelblau.api.account.PosixAttributes.NONE);
    long uid = fixture.directory().record(user, Optional.empty()).passwd().uid();
    assertTrue(uid >= 2_000_300_000L && uid <= 2_000_399_999L, String.valueOf(uid));
    fixture.add("new.example", DirectoryFixture.domain("new.example", OTHER));
    assertEquals(
        uid,
        fixture.directory().account(user.name()).orElseThrow().passwd().uid(),
        "from then on it has users, too");
    assertTrue(fixture.troubles().getFirst().contains("of new.example instead of"));
  }
}
