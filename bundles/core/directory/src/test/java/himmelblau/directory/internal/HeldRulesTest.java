package himmelblau.directory.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.directory.Answer;
import himmelblau.api.directory.PasswdEntry;
import himmelblau.directory.internal.DomainSettings.HomeName;
import himmelblau.directory.internal.Settings.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options that would change ids of people who have some: never in silence, never at once. */
class HeldRulesTest {
  private static final String ID = "cd4ebec9-434c-4bad-af7c-9c39a4127551";
  private static final String GROUP = "4210d86f-ce97-4aff-97f7-bd3789727903";
  private static final long BY_NAME = 773235643L;
  private static final long BY_UUID = 1366826980L;
  private static final IdRange OTHER = new IdRange(300_000, 399_999);

  @TempDir Path folder;
  private World world;

  @BeforeEach
  void somebodyIsKnown() throws Exception {
    world = new World(folder);
    world.engine.start();
    await(() -> !world.map.published.isEmpty());
    world
        .directory()
        .record(World.user("user02", ID), Optional.of(List.of(World.group("team", GROUP))));
  }

  @AfterEach
  void end() {
    world.close();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 500 && !condition.getAsBoolean(); i++) {
      Thread.sleep(10);
    }
    assertTrue(condition.getAsBoolean());
  }

  private Settings settings(Source source) {
    return world.settings(source, true, Optional.empty());
  }

  private PasswdEntry user(String name) {
    return world.directory().userByName(name, World.BUDGET)
            instanceof Answer.Found<PasswdEntry> found
        ? found.value()
        : new PasswdEntry("nobody", -1, -1, "", "", "");
  }

  @Test
  void theOldOnesStayAndAnAdministratorIsTold() throws Exception {
    int published = world.map.published.size();
    world.engine.settings(settings(Source.UUID));
    await(() -> world.map.published.size() > published);
    assertEquals(BY_NAME, user("user02").uid());
    assertEquals(BY_NAME, world.map.published.getLast().users().getFirst().entry().uid());
    String trouble = String.join("\n", world.engine.troubles());
    assertTrue(trouble.contains("id_attr_map = uuid instead of name"), trouble);
    assertTrue(trouble.contains("1 person and 1 group"), trouble);
    assertTrue(trouble.contains("aad-tool idmap reassign"), trouble);
    assertEquals(
        1, new IdmapReport(world.engine).findings(Comparison.none(world.engine.setup())).size());

    world
        .directory()
        .record(World.user("user01", "97bfcfc4-fb12-445e-aaca-28c6b5375855"), Optional.empty());
    assertEquals(680773750L, user("user01").uid(), "newcomers too go by the rules in force");

    world.engine.settings(settings(Source.NAME));
    assertEquals(List.of(), world.engine.troubles(), "put back");
  }

  @Test
  void aRangeIsHeldAndWhatElseIsSaidCounts() throws Exception {
    world.engine.add(
        World.DOMAIN,
        new DomainSettings(
            World.DOMAIN, List.of(), OTHER, "/srv/", HomeName.CN, HomeName.CN, "/bin/dash"));
    assertEquals(BY_NAME, user("user02").uid());
    assertEquals("/bin/dash", user("user02").shell());
    assertEquals("/srv/user02", user("user02").directory());
    String trouble = world.engine.troubles().getFirst();
    assertTrue(
        trouble.contains(
            "idmap_range = 300000-399999 of " + World.DOMAIN + " instead of 200000-2000200000"),
        trouble);
  }

  @Test
  void aRangeThatTheHostNeedsHidesNobody() {
    world.engine.add(World.DOMAIN, World.domain(World.DOMAIN, new IdRange(0, 70_000)));
    assertEquals(BY_NAME, user("user02").uid());
    assertEquals(1, world.engine.troubles().size());
  }

  @Test
  void reassigningSaysWhoGetsWhat() throws Exception {
    world.engine.settings(settings(Source.UUID));
    List<String> expected =
        List.of(
            "user02@" + World.DOMAIN + ": " + BY_NAME + " -> " + BY_UUID,
            "group " + GROUP + ": " + gid() + " -> 58490825");
    assertEquals(expected, world.engine.rehearse().stream().map(Object::toString).toList());
    assertEquals(BY_NAME, user("user02").uid(), "a rehearsal changes nothing");
    assertEquals(expected, world.engine.reassign().stream().map(Object::toString).toList());
    assertEquals(BY_UUID, user("user02").uid());
    assertEquals(58490825L, gid());
    assertEquals(BY_UUID, world.map.published.getLast().users().getFirst().entry().uid());
    assertEquals(List.of(), world.engine.troubles());
    assertEquals(List.of(), world.engine.reassign(), "nothing is left to do");
  }

  private long gid() {
    return world.map.published.getLast().groups().isEmpty()
        ? world.map.changes.getLast().groups().getFirst().entry().gid()
        : world.map.published.getLast().groups().getFirst().entry().gid();
  }

  @Test
  void withNobodyKnownRulesCountAtOnce() throws Exception {
    world.directory().clear();
    world.engine.settings(settings(Source.UUID));
    assertEquals(List.of(), world.engine.troubles());
    world.directory().record(World.user("user02", ID), Optional.empty());
    assertEquals(BY_UUID, user("user02").uid());
  }

  @Test
  void theyCountWhenThoseWhoHadIdsAreForgotten() throws Exception {
    world.engine.settings(settings(Source.UUID));
    world.directory().clear();
    world.engine.changed();
    assertEquals(List.of(), world.engine.troubles());
    world.directory().record(World.user("user02", ID), Optional.empty());
    assertEquals(BY_UUID, user("user02").uid());
  }

  @Test
  void theyCountAfterAStartWhichSaysWhoseIdsAreOthers() throws Exception {
    world.restart(settings(Source.UUID), World.domain(World.DOMAIN, IdRange.DEFAULT));
    await(() -> user("user02").uid() == BY_UUID);
    await(() -> world.engine.troubles().size() == 1);
    String trouble = world.engine.troubles().getFirst();
    assertTrue(trouble.contains(BY_NAME + " -> " + BY_UUID), trouble);
    world.restart(settings(Source.UUID), World.domain(World.DOMAIN, IdRange.DEFAULT));
    int published = world.map.published.size();
    await(() -> world.map.published.size() > published);
    assertEquals(List.of(), world.engine.troubles(), "it was the start before");
  }

  @Test
  void aStartWithARangeThatIsRefusedLeavesTheIds() throws Exception {
    int published = world.map.published.size();
    world.restart(settings(Source.NAME), World.domain(World.DOMAIN, new IdRange(0, 70_000)));
    await(() -> world.map.published.size() > published);
    assertEquals(List.of(), world.map.published.getLast().users());
    assertTrue(world.engine.troubles().getFirst().contains("touches ids of"));
    world.engine.add(World.DOMAIN, World.domain(World.DOMAIN, IdRange.DEFAULT));
    assertEquals(BY_NAME, user("user02").uid());
    assertEquals(List.of(), world.engine.troubles());
  }

  @Test
  void aDomainThatLeavesAndReturnsKeepsItsIdsAlsoWithAnotherRange() {
    world.engine.remove(World.DOMAIN);
    assertEquals("nobody", user("user02").name());
    world.engine.add(World.DOMAIN, World.domain(World.DOMAIN, OTHER));
    assertEquals(BY_NAME, user("user02").uid());
    assertEquals(1, world.engine.troubles().size());
  }

  @Test
  void theUserMapIsNotHeldAndCountsAlsoForKnownPeople() throws Exception {
    Path map = world.etc.resolve("user-map");
    Files.writeString(map, "local:user02@" + World.DOMAIN + "\n");
    await(() -> user("user02@" + World.DOMAIN).uid() == 1500);
    assertEquals("local", user("user02@" + World.DOMAIN).name());
    assertEquals(List.of(), world.engine.troubles());
    assertEquals(List.of(), world.engine.rehearse());
    Files.delete(map);
    await(() -> user("user02").uid() == BY_NAME);
  }

  @Test
  void aNewDomainHasItsOwnRangeWhileOthersAreHeld() throws Exception {
    world.engine.settings(settings(Source.UUID));
    world.engine.add(
        "new.example", World.domain("new.example", new IdRange(2_000_300_000L, 2_000_399_999L)));
    DirectoryUser user =
        new DirectoryUser(
            new AccountName("x", "new.example"),
            Optional.empty(),
            Optional.empty(),
            "X",
            himmelblau.api.account.PosixAttributes.NONE);
    long uid = world.directory().record(user, Optional.empty()).passwd().uid();
    assertTrue(uid >= 2_000_300_000L && uid <= 2_000_399_999L, String.valueOf(uid));
    world.engine.add("new.example", World.domain("new.example", OTHER));
    assertEquals(
        uid,
        world.directory().account(user.name()).orElseThrow().passwd().uid(),
        "from then on it has people too");
    assertTrue(world.engine.troubles().getFirst().contains("of new.example instead of"));
  }
}
