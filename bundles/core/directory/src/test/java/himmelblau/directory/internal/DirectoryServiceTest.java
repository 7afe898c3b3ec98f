package himmelblau.directory.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.directory.Account;
import himmelblau.api.directory.Answer;
import himmelblau.api.directory.DirectoryConflict;
import himmelblau.api.directory.Gids;
import himmelblau.api.directory.GroupEntry;
import himmelblau.api.directory.LookupMap.Change;
import himmelblau.api.directory.PasswdEntry;
import himmelblau.directory.internal.Settings.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryServiceTest {
  private static final String ID = "cd4ebec9-434c-4bad-af7c-9c39a4127551";
  private static final String OTHER = "4210d86f-ce97-4aff-97f7-bd3789727903";
  private static final String DATENGRUPPE = "bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6";

  @TempDir Path folder;
  private World world;

  @BeforeEach
  void begin() throws Exception {
    world = new World(folder);
  }

  @AfterEach
  void end() {
    world.close();
  }

  private PasswdEntry user(String name) {
    Answer<PasswdEntry> answer = world.directory().userByName(name, World.BUDGET);
    return assertInstanceOf(Answer.Found.class, answer).value() instanceof PasswdEntry entry
        ? entry
        : null;
  }

  private boolean unknown(String name) {
    return world.directory().userByName(name, World.BUDGET) instanceof Answer.NotFound;
  }

  private Optional<GroupEntry> group(String name) {
    return world.directory().groupByName(name, World.BUDGET)
            instanceof Answer.Found<GroupEntry> found
        ? Optional.of(found.value())
        : Optional.empty();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 500 && !condition.getAsBoolean(); i++) {
      Thread.sleep(10);
    }
    assertTrue(condition.getAsBoolean());
  }

  @Test
  void aSignInMakesThePersonKnown() throws Exception {
    Account account =
        world
            .directory()
            .record(
                World.user("user02", ID),
                Optional.of(List.of(World.group("datengruppe", DATENGRUPPE))));
    assertEquals(
        new PasswdEntry("user02", 773235643, 773235643, "User Two", "/home/user02", "/bin/bash"),
        account.passwd());
    assertEquals(ID, account.homeName());
    assertEquals(List.of("user02"), account.homeAliases());
    assertEquals(account.passwd(), user("USER02@0PNDV.onmicrosoft.com"));
    assertEquals(
        new Answer.Found<>(account.passwd()), world.directory().userById(773235643, World.BUDGET));
    assertEquals(
        new Answer.Found<>(new Gids(773235643, List.of(145696387L))),
        world.directory().groupsOf("user02", World.BUDGET));
    Change change = world.map.changes.getLast();
    assertEquals(List.of(773235643L, 145696387L), change.users().getFirst().gids());
    assertEquals(List.of("user02"), change.groups().getFirst().entry().members());
    assertEquals(List.of(), world.asked);
  }

  @Test
  void groupsOfSomebodyWhoNeverSignedInComeWithThem() throws Exception {
    world.cloud.put(World.name("user02").upn(), World.user("user02", ID));
    world.memberships = Optional.of(List.of(World.group("datengruppe", DATENGRUPPE)));
    assertEquals(
        new Answer.Found<>(new Gids(773235643, List.of(145696387L))),
        world.directory().groupsOf("user02", Duration.ofSeconds(9)));
    world.memberships = Optional.empty(); // may not be read any more: what is known stays
    world.directory().expire();
    user("user02");
    await(() -> world.asked.size() == 2);
    assertEquals(
        List.of(UUID.fromString(DATENGRUPPE)), world.directory().groupsOf(World.name("user02")));
  }

  @Test
  void aGroupWithoutKnownMembersIsFoundByItsObjectId() throws Exception {
    UUID id = UUID.fromString(DATENGRUPPE);
    assertEquals(Optional.empty(), group(DATENGRUPPE));
    world.cloudGroups.put(id, World.group("datengruppe", DATENGRUPPE));
    assertEquals(Optional.empty(), group(DATENGRUPPE), "asked for a moment ago");
    assertEquals(List.of(DATENGRUPPE), world.asked);
    world.directory().expire();
    GroupEntry entry = new GroupEntry("datengruppe", 145696387, List.of());
    assertEquals(Optional.of(entry), group(DATENGRUPPE));
    assertEquals(entry, world.map.changes.getLast().groups().getFirst().entry());
    assertEquals(new Answer.Found<>(entry), world.directory().groupById(145696387, World.BUDGET));
    assertEquals(2, world.asked.size());
    assertEquals(Optional.empty(), group("datengruppe"), "never by display name");
    assertEquals(2, world.asked.size());
  }

  @Test
  void aDirectoryThatIsSlowOrAwayDelaysNoGroupLookUp() throws Exception {
    world.cloudGroups.put(UUID.fromString(DATENGRUPPE), World.group("datengruppe", DATENGRUPPE));
    world.hold = new CountDownLatch(1);
    assertInstanceOf(
        Answer.TryAgain.class, world.directory().groupByName(DATENGRUPPE, Duration.ofMillis(50)));
    world.hold.countDown();
    await(() -> group(DATENGRUPPE).isPresent());
    world.offline = true;
    assertInstanceOf(
        Answer.TryAgain.class, world.directory().groupByName(ID, Duration.ofSeconds(9)));
    assertInstanceOf(
        Answer.TryAgain.class, world.directory().groupByName(ID, Duration.ofSeconds(9)));
    assertEquals(1, world.asked.stream().filter(ID::equals).count());
  }

  @Test
  void groupsAreFoundByGidAndObjectIdOnly() throws Exception {
    String likeAnId = "28174bcd-25b9-4f82-9965-671b2750f090";
    world
        .directory()
        .record(
            World.user("user02", ID),
            Optional.of(
                List.of(
                    World.group("datengruppe", DATENGRUPPE),
                    World.group(likeAnId, likeAnId),
                    World.group("bad:name\n", OTHER),
                    World.group(DATENGRUPPE, "97bfcfc4-fb12-445e-aaca-28c6b5375855"),
                    World.group("staff", "1e26150d-efe0-4551-b9d3-49ea287c80a7"))));
    assertEquals("datengruppe", group(DATENGRUPPE).orElseThrow().name());
    assertTrue(group("datengruppe").isEmpty());
    assertTrue(group(likeAnId).isEmpty(), "somebody named a group like its id");
    assertEquals(OTHER, group(OTHER).orElseThrow().name(), "an unfit name gives way to the id");
    assertEquals(
        "97bfcfc4-fb12-445e-aaca-28c6b5375855",
        group("97bfcfc4-fb12-445e-aaca-28c6b5375855").orElseThrow().name(),
        "a name must not pass for another group's id");
    assertEquals(
        "1e26150d-efe0-4551-b9d3-49ea287c80a7",
        group("1e26150d-efe0-4551-b9d3-49ea287c80a7").orElseThrow().name(),
        "staff is local");
    assertTrue(group("staff").isEmpty());
    assertEquals(773235643, group("user02").orElseThrow().gid(), "a group of one's own");
    assertEquals(5, world.directory().groupsOf(World.name("user02")).size(), "all authorise");
  }

  @Test
  void anUnknownNameIsAskedOnceAndRemembered() {
    world.cloud.put(World.name("user01").upn(), DirectoryUser.provisional(World.name("user01")));
    assertEquals(680773750, user("user01").uid());
    assertEquals(680773750, user("user01").uid());
    assertTrue(unknown("ghost"));
    assertTrue(unknown("ghost"));
    assertEquals(
        List.of("user01@0pndv.onmicrosoft.com", "ghost@0pndv.onmicrosoft.com"), world.asked);
    assertTrue(world.map.changes.getLast().missing().containsKey("ghost"));
  }

  @Test
  void namesThatNobodyHasAreWrittenTogetherAndHideNobody() throws Exception {
    for (int i = 0; i < 100; i++) {
      assertTrue(unknown("ghost" + i));
      if (i > 0) {
        world
            .directory()
            .record(World.user("ghost" + i, new UUID(0, i).toString()), Optional.empty());
      }
      assertTrue(unknown("nobody" + i));
    }
    await(
        () ->
            world.map.changes.stream().filter(c -> c.missing().containsKey("nobody99")).count()
                == 1);
    List<Change> written = world.map.changes.stream().filter(c -> !c.missing().isEmpty()).toList();
    assertTrue(written.size() < 50, "writes: " + written.size());
    for (int i = 0; i < 100; i++) {
      assertTrue(unknown("nobody" + i));
      if (i > 0) {
        assertTrue(lastWordOn("ghost" + i), "ghost" + i);
      }
    }
  }

  /** Whether the map was told last that somebody is there. */
  private boolean lastWordOn(String name) {
    boolean there = false;
    for (Change change : world.map.changes) {
      there |= change.users().stream().anyMatch(user -> user.entry().name().equals(name));
      there &= !change.missing().containsKey(name);
    }
    return there;
  }

  @Test
  void aSlowDirectoryDoesNotHoldALookUp() throws Exception {
    world.cloud.put(World.name("user01").upn(), DirectoryUser.provisional(World.name("user01")));
    world.hold = new CountDownLatch(1);
    long begun = System.nanoTime();
    assertInstanceOf(
        Answer.TryAgain.class, world.directory().userByName("user01", Duration.ofMillis(100)));
    assertInstanceOf(
        Answer.TryAgain.class, world.directory().userByName("user01", Duration.ofMillis(100)));
    assertTrue(System.nanoTime() - begun < 5_000_000_000L);
    world.hold.countDown();
    await(() -> world.directory().account(World.name("user01")).isPresent());
    assertEquals(1, world.asked.size(), "one question for both");
  }

  @Test
  void offlineTheKnownStayKnown() throws Exception {
    world.directory().record(World.user("user02", ID), Optional.empty());
    world.offline = true;
    world.directory().expire();
    assertEquals(773235643, user("user02").uid());
    assertInstanceOf(Answer.TryAgain.class, world.directory().userByName("new", World.BUDGET));
    int asked = world.asked.size();
    assertInstanceOf(Answer.TryAgain.class, world.directory().userByName("new2", World.BUDGET));
    assertEquals(asked, world.asked.size(), "not again at once");
  }

  @Test
  void whoTheDirectoryNoLongerHasIsForgotten() throws Exception {
    world.directory().record(World.user("user02", ID), Optional.empty());
    world.directory().expire();
    user("user02"); // asks in the background
    await(() -> world.directory().account(World.name("user02")).isEmpty());
    await(() -> world.map.published.getLast().users().isEmpty());
  }

  @Test
  void localNamesAndHostileNamesAreNotAsked() {
    for (String name :
        List.of(
            "root",
            "local",
            "gdm",
            "gdm-greeter-2",
            "",
            " ",
            "a:b",
            "a\nb",
            "../x",
            "-rf",
            "1000",
            "x".repeat(300),
            "a@b@c",
            "user@elsewhere.example",
            "a,b",
            "\u0000")) {
      assertTrue(unknown(name), name);
    }
    assertEquals(List.of(), world.asked);
  }

  @Test
  void aNameOrIdOfALocalAccountOrGroupIsRefused() throws Exception {
    assertThrows(
        DirectoryConflict.class,
        () -> world.directory().record(World.user("local", ID), Optional.empty()));
    assertTrue(world.directory().obstacle(World.name("local")).orElseThrow().contains("local"));
    world.engine.settings(world.settings(Source.RFC2307, true, Optional.empty()));
    for (long taken : new long[] {1500, 2000, 0, 999, 61_200, 65_534, 4_294_967_295L, -5}) {
      assertThrows(
          DirectoryConflict.class,
          () ->
              world
                  .directory()
                  .record(World.user("user02", ID, World.posix(taken)), Optional.empty()),
          "uid " + taken);
    }
    assertTrue(world.directory().account(World.name("user02")).isEmpty(), "nothing was kept");
    assertFalse(world.engine.troubles().isEmpty());
  }

  @Test
  void twoWithOneIdAreBothReported() throws Exception {
    world.engine.settings(world.settings(Source.RFC2307, true, Optional.empty()));
    world.directory().record(World.user("user01", ID, World.posix(5000)), Optional.empty());
    assertThrows(
        DirectoryConflict.class,
        () ->
            world
                .directory()
                .record(World.user("user02", OTHER, World.posix(5000)), Optional.empty()));
    assertTrue(world.directory().obstacle(World.name("user01")).isPresent());
    assertTrue(world.directory().obstacle(World.name("user02")).isPresent());
    assertEquals("user01", user("user01").name(), "files keep their owner's name");
    assertTrue(unknown("user02"));
    world
        .engine
        .area()
        .write(
            c -> {
              StaticIds.putUser(c, World.name("user02"), 5001, 5001);
              return true;
            });
    world.engine.staticIdsChanged();
    world.directory().record(World.user("user02", OTHER, World.posix(5000)), Optional.empty());
    assertEquals(5001, user("user02").uid());
    assertTrue(world.directory().obstacle(World.name("user01")).isEmpty());
  }

  @Test
  void aRenameFollowsTheObject() throws Exception {
    world
        .directory()
        .record(
            World.user("user02", ID),
            Optional.of(List.of(World.group("datengruppe", DATENGRUPPE))));
    Account renamed = world.directory().record(World.user("newname", ID), Optional.empty());
    assertEquals(773235643, renamed.passwd().uid());
    assertEquals(List.of(UUID.fromString(DATENGRUPPE)), renamed.groups());
    assertTrue(unknown("user02"));
    Change change = world.map.changes.getLast();
    if (!change.missing().isEmpty()) {
      change = world.map.changes.get(world.map.changes.size() - 2);
    }
    assertEquals(List.of("user02"), change.gone());
    assertEquals(List.of("newname"), change.groups().getFirst().entry().members());
    assertTrue(
        new IdmapReport(world.engine)
            .findings(Comparison.none(world.engine.setup())).stream()
                .anyMatch(line -> line.contains("renamed")));
  }

  @Test
  void aProvisionalAnswerWipesOutNothing() throws Exception {
    world.directory().record(World.user("user02", ID), Optional.empty());
    world.directory().record(DirectoryUser.provisional(World.name("user02")), Optional.empty());
    assertEquals(
        Optional.of(UUID.fromString(ID)),
        world.directory().account(World.name("user02")).orElseThrow().objectId());
    assertEquals("User Two", user("user02").gecos());
  }

  @Test
  void aNewLocalAccountWinsOverAKnownPerson() throws Exception {
    world.directory().record(World.user("user02", ID), Optional.empty());
    world.engine.start();
    Path fresh = world.etc.resolve("passwd.new");
    Files.writeString(fresh, "user02:x:1501:1501::/:/bin/sh\n");
    Files.move(
        fresh, world.etc.resolve("passwd"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    await(() -> unknown("user02"));
    await(() -> !world.map.published.isEmpty() && world.map.published.getLast().users().isEmpty());
  }

  @Test
  void aMappedLocalAccountKeepsItsIds() throws Exception {
    Files.writeString(world.etc.resolve("user-map"), "# map\nlocal:User02@" + World.DOMAIN + "\n");
    world.engine.start();
    await(() -> world.directory().resolve("local").isPresent());
    assertEquals(Optional.of(World.name("user02")), world.directory().resolve("local"));
    Account account = world.directory().record(World.user("user02", ID), Optional.empty());
    assertEquals(1500, account.passwd().uid());
    assertEquals("local", account.passwd().name());
    assertTrue(world.map.changes.getLast().users().getFirst().hidden());
    assertEquals("local", user("user02@" + World.DOMAIN).name());
  }

  @Test
  void aScriptNamesPeople() throws Exception {
    Path script = folder.resolve("script");
    Files.writeString(
        script,
        "#!/bin/sh\n[ \"$1\" = slow ] && exec sleep 60\n[ \"$1\" = none ] && exit 0\n"
            + "[ -n \"$HOME\" ] && exit 3\necho \"$1.long@"
            + World.DOMAIN
            + "\"\n");
    script.toFile().setExecutable(true);
    world.engine.settings(world.settings(Source.NAME, true, Optional.of(script)));
    assertEquals(Optional.of(World.name("bob.long")), world.directory().resolve("bob"));
    assertEquals(Optional.empty(), world.directory().resolve("none"));
    assertEquals(
        Optional.of(World.name("slow")), world.directory().resolve("slow"), "falls through");
    world.directory().record(World.user("bob.long", ID), Optional.empty());
    assertEquals("bob", user("bob").name());
  }

  @Test
  void twoDomainsOfOneTenantShareItsRangeAsSoonAsThatIsKnown() throws Exception {
    AtomicReference<Optional<String>> tenant = new AtomicReference<>(Optional.empty());
    world.engine.add("second.example", World.domain("second.example", IdRange.DEFAULT));
    world.engine.add(world.provider("second.example", tenant::get));
    world.engine.start();
    AccountName ada = new AccountName("ada", "second.example");
    world.cloud.put(ada.upn(), DirectoryUser.provisional(ada));
    Thread.sleep(700);
    assertTrue(unknown(ada.upn()), "it might be another tenant's");
    assertTrue(world.engine.troubles().getFirst().contains("overlaps"));
    tenant.set(Optional.of("tenant-1"));
    await(() -> world.engine.troubles().isEmpty());
    assertEquals("ada@second.example", user(ada.upn()).name());
  }

  @Test
  void overlappingRangesOfTwoTenantsAreRefusedWithTheReason() {
    DomainSettings a = World.domain("a.example", new IdRange(100_000, 199_999));
    DomainSettings b = World.domain("b.example", new IdRange(150_000, 250_000));
    IdRange subids = new IdRange(2_100_000_000L, 4_200_000_000L);
    List<String> order = List.of("a.example", "b.example");
    Domains two = new Domains(order, List.of(b, a), List.of(), subids);
    assertTrue(two.refusal(new AccountName("x", "a.example")).isEmpty());
    assertTrue(two.refusal(new AccountName("x", "b.example")).orElseThrow().contains("overlaps"));
    DomainSettings same = World.domain("b.example", a.range());
    Domains oneTenant =
        new Domains(
            order,
            List.of(a, same),
            List.of(
                world.provider("a.example", Optional.of("t")),
                world.provider("b.example", Optional.of("t"))),
            subids);
    assertEquals(List.of(), oneTenant.refusals());
    for (IdRange bad :
        List.of(
            new IdRange(500, 2000),
            new IdRange(60_000, 70_000),
            new IdRange(2_000_000_000L, 2_200_000_000L),
            new IdRange(5000, 4000))) {
      assertFalse(
          new Domains(order, List.of(World.domain("a.example", bad)), List.of(), subids)
              .refusals()
              .isEmpty(),
          bad.toString());
    }
  }
}
