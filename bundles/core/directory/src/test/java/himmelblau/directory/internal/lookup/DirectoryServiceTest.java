package himmelblau.directory.internal.lookup;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.directory.Account;
import himmelblau.api.directory.Directory;
import himmelblau.api.directory.DirectoryConflict;
import himmelblau.api.directory.Gids;
import himmelblau.api.directory.GroupEntry;
import himmelblau.api.directory.LookupAnswer;
import himmelblau.api.directory.LookupMap.Change;
import himmelblau.api.directory.PasswdEntry;
import himmelblau.api.domain.DomainProvider;
import himmelblau.directory.internal.DirectoryFixture;
import himmelblau.directory.internal.compare.IdComparison;
import himmelblau.directory.internal.compare.IdmapReport;
import himmelblau.directory.internal.compare.OtherMachineIds;
import himmelblau.directory.internal.ids.IdRange;
import himmelblau.directory.internal.options.DomainSettings;
import himmelblau.directory.internal.options.Domains;
import himmelblau.directory.internal.options.GlobalSettings.Source;
import himmelblau.directory.internal.store.StaticIds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class DirectoryServiceTest {
  private static final String ID = "cd4ebec9-434c-4bad-af7c-9c39a4127551";
  private static final String OTHER = "4210d86f-ce97-4aff-97f7-bd3789727903";
  private static final String DATENGRUPPE = "bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6";

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

  private PasswdEntry user(String name) {
    LookupAnswer<PasswdEntry> answer =
        fixture.directory().userByName(name, DirectoryFixture.BUDGET);
    return assertInstanceOf(LookupAnswer.Found.class, answer).value() instanceof PasswdEntry entry
        ? entry
        : null;
  }

  private boolean unknown(String name) {
    return fixture.directory().userByName(name, DirectoryFixture.BUDGET)
        instanceof LookupAnswer.NotFound;
  }

  private Optional<GroupEntry> group(String name) {
    return fixture.directory().groupByName(name, DirectoryFixture.BUDGET)
            instanceof LookupAnswer.Found<GroupEntry> found
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
  void aSignInMakesTheUserKnown() throws Exception {
    Account account =
        fixture
            .directory()
            .record(
                DirectoryFixture.user("user02", ID),
                Optional.of(List.of(DirectoryFixture.group("datengruppe", DATENGRUPPE))));
    assertEquals(
        new PasswdEntry("user02", 773235643, 773235643, "User Two", "/home/user02", "/bin/bash"),
        account.passwd());
    assertEquals(ID, account.homeName());
    assertEquals(List.of("user02"), account.homeAliases());
    assertEquals(account.passwd(), user("USER02@0PNDV.onmicrosoft.com"));
    assertEquals(
        new LookupAnswer.Found<>(account.passwd()),
        fixture.directory().userById(773235643, DirectoryFixture.BUDGET));
    assertEquals(
        new LookupAnswer.Found<>(new Gids(773235643, List.of(145696387L))),
        fixture.directory().groupsOf("user02", DirectoryFixture.BUDGET));
    Change change = fixture.map.changes.getLast();
    assertEquals(List.of(773235643L, 145696387L), change.users().getFirst().gids());
    assertEquals(List.of("user02"), change.groups().getFirst().entry().members());
    assertEquals(List.of(), fixture.asked);
  }

  @Test
  void groupsOfAUserWhoNeverSignedInAreFound() throws Exception {
    fixture.cloud.put(DirectoryFixture.name("user02").upn(), DirectoryFixture.user("user02", ID));
    fixture.memberships = Optional.of(List.of(DirectoryFixture.group("datengruppe", DATENGRUPPE)));
    assertEquals(
        new LookupAnswer.Found<>(new Gids(773235643, List.of(145696387L))),
        fixture.directory().groupsOf("user02", Duration.ofSeconds(9)));
    fixture.memberships = Optional.empty(); // may not be read any more: what is known stays
    fixture.directory().expire();
    user("user02");
    await(() -> fixture.asked.size() == 2);
    assertEquals(
        List.of(UUID.fromString(DATENGRUPPE)),
        fixture.directory().groupsOf(DirectoryFixture.name("user02")));
  }

  @Test
  void aGroupWithoutKnownMembersIsFoundByItsObjectId() throws Exception {
    UUID id = UUID.fromString(DATENGRUPPE);
    assertEquals(Optional.empty(), group(DATENGRUPPE));
    fixture.cloudGroups.put(id, DirectoryFixture.group("datengruppe", DATENGRUPPE));
    assertEquals(Optional.empty(), group(DATENGRUPPE), "asked for a moment ago");
    assertEquals(List.of(DATENGRUPPE), fixture.asked);
    fixture.directory().expire();
    GroupEntry entry = new GroupEntry("datengruppe", 145696387, List.of());
    assertEquals(Optional.of(entry), group(DATENGRUPPE));
    assertEquals(entry, fixture.map.changes.getLast().groups().getFirst().entry());
    assertEquals(
        new LookupAnswer.Found<>(entry),
        fixture.directory().groupById(145696387, DirectoryFixture.BUDGET));
    assertEquals(2, fixture.asked.size());
    assertEquals(Optional.empty(), group("datengruppe"), "never by display name");
    assertEquals(2, fixture.asked.size());
  }

  @Test
  void aDirectoryThatIsSlowOrAwayDelaysNoGroupLookup() throws Exception {
    fixture.cloudGroups.put(
        UUID.fromString(DATENGRUPPE), DirectoryFixture.group("datengruppe", DATENGRUPPE));
    fixture.hold = new CountDownLatch(1);
    assertInstanceOf(
        LookupAnswer.TryAgain.class,
        fixture.directory().groupByName(DATENGRUPPE, Duration.ofMillis(50)));
    fixture.hold.countDown();
    await(() -> group(DATENGRUPPE).isPresent());
    fixture.offline = true;
    assertInstanceOf(
        LookupAnswer.TryAgain.class, fixture.directory().groupByName(ID, Duration.ofSeconds(9)));
    assertInstanceOf(
        LookupAnswer.TryAgain.class, fixture.directory().groupByName(ID, Duration.ofSeconds(9)));
    assertEquals(1, fixture.asked.stream().filter(ID::equals).count());
  }

  @Test
  void groupsAreFoundByGidAndObjectIdOnly() throws Exception {
    String likeAnId = "28174bcd-25b9-4f82-9965-671b2750f090";
    fixture
        .directory()
        .record(
            DirectoryFixture.user("user02", ID),
            Optional.of(
                List.of(
                    DirectoryFixture.group("datengruppe", DATENGRUPPE),
                    DirectoryFixture.group(likeAnId, likeAnId),
                    DirectoryFixture.group("bad:name\n", OTHER),
                    DirectoryFixture.group(DATENGRUPPE, "97bfcfc4-fb12-445e-aaca-28c6b5375855"),
                    DirectoryFixture.group("staff", "1e26150d-efe0-4551-b9d3-49ea287c80a7"))));
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
    assertEquals(
        5, fixture.directory().groupsOf(DirectoryFixture.name("user02")).size(), "all authorise");
  }

  @Test
  void anUnknownNameIsAskedOnceAndRemembered() {
    fixture.cloud.put(
        DirectoryFixture.name("user01").upn(),
        DirectoryUser.provisional(DirectoryFixture.name("user01")));
    assertEquals(680773750, user("user01").uid());
    assertEquals(680773750, user("user01").uid());
    assertTrue(unknown("ghost"));
    assertTrue(unknown("ghost"));
    assertEquals(
        List.of("user01@0pndv.onmicrosoft.com", "ghost@0pndv.onmicrosoft.com"), fixture.asked);
    assertTrue(fixture.map.changes.getLast().missing().containsKey("ghost"));
  }

  @Test
  void missingNamesAreWrittenTogetherAndHideNoUser() throws Exception {
    long begun = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      assertTrue(unknown("ghost" + i));
      if (i > 0) {
        fixture
            .directory()
            .record(
                DirectoryFixture.user("ghost" + i, new UUID(0, i).toString()), Optional.empty());
      }
      assertTrue(unknown("nobody" + i));
    }
    await(
        () ->
            fixture.map.changes.stream().filter(c -> c.missing().containsKey("nobody99")).count()
                == 1);
    List<Change> written =
        fixture.map.changes.stream().filter(c -> !c.missing().isEmpty()).toList();
    long pauses = (System.nanoTime() - begun) / Duration.ofMillis(250).toNanos();
    assertTrue(written.size() <= pauses + 2, written.size() + " writes in " + pauses + " pauses");
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
    for (Change change : fixture.map.changes) {
      there |= change.users().stream().anyMatch(user -> user.entry().name().equals(name));
      there &= !change.missing().containsKey(name);
    }
    return there;
  }

  @Test
  void aSlowDirectoryDoesNotHoldALookup() throws Exception {
    fixture.cloud.put(
        DirectoryFixture.name("user01").upn(),
        DirectoryUser.provisional(DirectoryFixture.name("user01")));
    fixture.hold = new CountDownLatch(1);
    Duration budget = Duration.ofMillis(100);
    long reference = twice(() -> assertFalse(fixture.hold.await(100, TimeUnit.MILLISECONDS)));
    long took =
        twice(
            () ->
                assertInstanceOf(
                    LookupAnswer.TryAgain.class, fixture.directory().userByName("user01", budget)));
    assertTrue(took < 25 * reference, took + " ns, waits of the same length " + reference + " ns");
    fixture.hold.countDown();
    await(() -> fixture.directory().account(DirectoryFixture.name("user01")).isPresent());
    assertEquals(1, fixture.asked.size(), "one question for both");
  }

  /** How many nanoseconds it takes two times. */
  private static long twice(Executable action) throws Exception {
    long begun = System.nanoTime();
    for (int i = 0; i < 2; i++) {
      assertDoesNotThrow(action);
    }
    return System.nanoTime() - begun;
  }

  @Test
  void offlineTheKnownStayKnown() throws Exception {
    fixture.directory().record(DirectoryFixture.user("user02", ID), Optional.empty());
    fixture.offline = true;
    fixture.directory().expire();
    assertEquals(773235643, user("user02").uid());
    assertInstanceOf(
        LookupAnswer.TryAgain.class,
        fixture.directory().userByName("new", DirectoryFixture.BUDGET));
    assertInstanceOf(
        LookupAnswer.TryAgain.class,
        fixture.directory().userByName("new2", DirectoryFixture.BUDGET));
    String second = DirectoryFixture.name("new2").upn();
    assertFalse(fixture.asked.contains(second), "not again at once");
  }

  @Test
  void aUserDeletedInTheDirectoryIsForgotten() throws Exception {
    fixture.directory().record(DirectoryFixture.user("user02", ID), Optional.empty());
    fixture.directory().expire();
    user("user02"); // asks in the background
    await(() -> fixture.directory().account(DirectoryFixture.name("user02")).isEmpty());
    await(() -> fixture.map.published.getLast().users().isEmpty());
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
    assertEquals(List.of(), fixture.asked);
  }

  @Test
  void aNameOrIdOfALocalAccountOrGroupIsRefused() throws Exception {
    assertThrows(
        DirectoryConflict.class,
        () -> fixture.directory().record(DirectoryFixture.user("local", ID), Optional.empty()));
    assertTrue(
        fixture
            .directory()
            .obstacle(DirectoryFixture.name("local"))
            .orElseThrow()
            .contains("local"));
    fixture.configure(fixture.settings(Source.RFC2307, true, Optional.empty()));
    for (long taken : new long[] {1500, 2000, 0, 999, 61_200, 65_534, 4_294_967_295L, -5}) {
      assertThrows(
          DirectoryConflict.class,
          () ->
              fixture
                  .directory()
                  .record(
                      DirectoryFixture.user("user02", ID, DirectoryFixture.posix(taken)),
                      Optional.empty()),
          "uid " + taken);
    }
    assertTrue(
        fixture.directory().account(DirectoryFixture.name("user02")).isEmpty(), "nothing was kept");
    assertFalse(fixture.troubles().isEmpty());
  }

  @Test
  void twoWithOneIdAreBothReported() throws Exception {
    fixture.configure(fixture.settings(Source.RFC2307, true, Optional.empty()));
    fixture
        .directory()
        .record(
            DirectoryFixture.user("user01", ID, DirectoryFixture.posix(5000)), Optional.empty());
    assertThrows(
        DirectoryConflict.class,
        () ->
            fixture
                .directory()
                .record(
                    DirectoryFixture.user("user02", OTHER, DirectoryFixture.posix(5000)),
                    Optional.empty()));
    assertTrue(fixture.directory().obstacle(DirectoryFixture.name("user01")).isPresent());
    assertTrue(fixture.directory().obstacle(DirectoryFixture.name("user02")).isPresent());
    assertEquals("user01", user("user01").name(), "files keep their owner's name");
    assertTrue(unknown("user02"));
    fixture
        .engine
        .area()
        .write(
            c -> {
              StaticIds.putUser(c, DirectoryFixture.name("user02"), 5001, 5001);
              return true;
            });
    fixture.engine.staticIdsChanged();
    fixture
        .directory()
        .record(
            DirectoryFixture.user("user02", OTHER, DirectoryFixture.posix(5000)), Optional.empty());
    assertEquals(5001, user("user02").uid());
    assertTrue(fixture.directory().obstacle(DirectoryFixture.name("user01")).isEmpty());
  }

  @Test
  void aRenameFollowsTheObject() throws Exception {
    fixture
        .directory()
        .record(
            DirectoryFixture.user("user02", ID),
            Optional.of(List.of(DirectoryFixture.group("datengruppe", DATENGRUPPE))));
    Account renamed =
        fixture.directory().record(DirectoryFixture.user("newname", ID), Optional.empty());
    assertEquals(773235643, renamed.passwd().uid());
    assertEquals(List.of(UUID.fromString(DATENGRUPPE)), renamed.groups());
    assertTrue(unknown("user02"));
    Change change = fixture.map.changes.getLast();
    if (!change.missing().isEmpty()) {
      change = fixture.map.changes.get(fixture.map.changes.size() - 2);
    }
    assertEquals(List.of("user02"), change.gone());
    assertEquals(List.of("newname"), change.groups().getFirst().entry().members());
    assertTrue(
        new IdmapReport(fixture.engine)
            .findings(new IdComparison(OtherMachineIds.NOWHERE, fixture.engine.setup())).stream()
                .anyMatch(line -> line.contains("renamed")));
  }

  /** Else a package that looks for a name before it creates a local user would find it. */
  @Test
  void aShortNameThatNobodyConfirmsIsNoAccount() throws Exception {
    fixture.confirmsNames = false;
    assertTrue(unknown("user02"));
    assertEquals("user02", user(DirectoryFixture.name("user02").upn()).name());
    assertTrue(unknown("user02"));
    fixture.directory().record(DirectoryFixture.user("user02", ID), Optional.empty());
    assertEquals("user02", user("user02").name(), "signed in by now");
  }

  /** Anybody can have any name looked up, also over the network. */
  @Test
  void ofANameThatNobodyConfirmsNothingIsKept() throws Exception {
    fixture.confirmsNames = false;
    AccountName name = DirectoryFixture.name("user02");
    PasswdEntry entry = user(name.upn());
    assertEquals(Optional.empty(), fixture.directory().account(name));
    assertInstanceOf(
        LookupAnswer.NotFound.class,
        fixture.directory().userById(entry.uid(), DirectoryFixture.BUDGET));
    assertEquals(List.of(), fixture.directory().accounts());
    assertEquals(List.of(), fixture.asked, "the directory could say nothing about it");
    Account signedIn =
        fixture.directory().record(DirectoryFixture.user("user02", ID), Optional.empty());
    assertEquals(entry.uid(), signedIn.passwd().uid());
  }

  /** Else an invented name with the same hash would come before the user whom it belongs to. */
  @Test
  void aNameThatNobodyConfirmsGetsNoIdOfAnotherUser() throws Exception {
    fixture.confirmsNames = false;
    String taken = DirectoryFixture.name("user02").upn();
    long uid = user(taken).uid();
    fixture
        .engine
        .area()
        .write(
            c -> {
              StaticIds.putUser(c, DirectoryFixture.name("user03"), uid, uid);
              return true;
            });
    fixture.directory().record(DirectoryFixture.user("user03", ID), Optional.empty());
    assertTrue(unknown(taken));
    assertEquals("user03", user("user03").name());
  }

  /** Where users may choose their names, one who does could take over another's account. */
  @Test
  void aNameThatNobodyConfirmsDoesNotMoveToAnotherAccount() throws Exception {
    String other = "4210d86f-ce97-4aff-97f7-bd3789727903";
    fixture.confirmsNames = false;
    Directory directory = fixture.directory();
    directory.record(DirectoryFixture.user("user02", ID), Optional.empty());
    directory.record(DirectoryFixture.user("user03", other), Optional.empty());
    assertThrows(
        DirectoryConflict.class,
        () -> directory.record(DirectoryFixture.user("user02", other), Optional.empty()));
    assertEquals(
        Optional.of(UUID.fromString(ID)),
        directory.account(DirectoryFixture.name("user02")).flatMap(Account::objectId));
    assertEquals(
        Optional.empty(),
        directory.obstacle(DirectoryFixture.name("user02")),
        "an attempt locks nobody out");
    Account renamed = directory.record(DirectoryFixture.user("user04", other), Optional.empty());
    assertEquals(Optional.of(UUID.fromString(other)), renamed.objectId(), "a free name is taken");
  }

  @Test
  void aProvisionalAnswerWipesOutNothing() throws Exception {
    fixture.directory().record(DirectoryFixture.user("user02", ID), Optional.empty());
    fixture
        .directory()
        .record(DirectoryUser.provisional(DirectoryFixture.name("user02")), Optional.empty());
    assertEquals(
        Optional.of(UUID.fromString(ID)),
        fixture.directory().account(DirectoryFixture.name("user02")).orElseThrow().objectId());
    assertEquals("User Two", user("user02").gecos());
  }

  @Test
  void aNewLocalAccountWinsOverAKnownUser() throws Exception {
    fixture.directory().record(DirectoryFixture.user("user02", ID), Optional.empty());
    fixture.start();
    Path fresh = fixture.etc.resolve("passwd.new");
    Files.writeString(fresh, "user02:x:1501:1501::/:/bin/sh\n");
    Files.move(
        fresh, fixture.etc.resolve("passwd"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    await(() -> unknown("user02"));
    await(
        () ->
            !fixture.map.published.isEmpty() && fixture.map.published.getLast().users().isEmpty());
  }

  @Test
  void aMappedLocalAccountKeepsItsIds() throws Exception {
    Files.writeString(
        fixture.etc.resolve("user-map"), "# map\nlocal:User02@" + DirectoryFixture.DOMAIN + "\n");
    fixture.start();
    await(() -> fixture.directory().resolve("local").isPresent());
    assertEquals(
        Optional.of(DirectoryFixture.name("user02")), fixture.directory().resolve("local"));
    Account account =
        fixture.directory().record(DirectoryFixture.user("user02", ID), Optional.empty());
    assertEquals(1500, account.passwd().uid());
    assertEquals("local", account.passwd().name());
    assertTrue(fixture.map.changes.getLast().users().getFirst().hidden());
    assertEquals("local", user("user02@" + DirectoryFixture.DOMAIN).name());
  }

  @Test
  void aScriptNamesUsers() throws Exception {
    Path script = folder.resolve("script");
    Files.writeString(
        script,
        "#!/bin/sh\n[ \"$1\" = slow ] && exec sleep 60\n[ \"$1\" = none ] && exit 0\n"
            + "[ -n \"$HOME\" ] && exit 3\necho \"$1.long@"
            + DirectoryFixture.DOMAIN
            + "\"\n");
    script.toFile().setExecutable(true);
    fixture.configure(fixture.settings(Source.NAME, true, Optional.of(script)));
    assertEquals(
        Optional.of(DirectoryFixture.name("bob.long")), fixture.directory().resolve("bob"));
    assertEquals(Optional.empty(), fixture.directory().resolve("none"));
    assertEquals(
        Optional.of(DirectoryFixture.name("slow")),
        fixture.directory().resolve("slow"),
        "falls through");
    fixture.directory().record(DirectoryFixture.user("bob.long", ID), Optional.empty());
    assertEquals("bob", user("bob").name());
  }

  @Test
  void twoDomainsOfOneTenantShareItsRangeAsSoonAsThatIsKnown() throws Exception {
    AtomicReference<Optional<String>> tenant = new AtomicReference<>(Optional.empty());
    fixture.add("second.example", DirectoryFixture.domain("second.example", IdRange.DEFAULT));
    fixture.add(fixture.provider("second.example", tenant::get));
    fixture.start();
    AccountName ada = new AccountName("ada", "second.example");
    fixture.cloud.put(ada.upn(), DirectoryUser.provisional(ada));
    Thread.sleep(700);
    assertTrue(unknown(ada.upn()), "it might be another tenant's");
    assertTrue(fixture.troubles().getFirst().contains("overlaps"));
    tenant.set(Optional.of("tenant-1"));
    await(() -> fixture.troubles().isEmpty());
    assertEquals("ada@second.example", user(ada.upn()).name());
  }

  @Test
  void overlappingRangesOfTwoTenantsAreRefusedWithTheReason() {
    DomainSettings a = DirectoryFixture.domain("a.example", new IdRange(100_000, 199_999));
    DomainSettings b = DirectoryFixture.domain("b.example", new IdRange(150_000, 250_000));
    IdRange subids = new IdRange(2_100_000_000L, 4_200_000_000L);
    List<String> order = List.of("a.example", "b.example");
    Domains two = new Domains(order, List.of(b, a), List.of(), Map.of(), subids);
    assertTrue(two.refusal(new AccountName("x", "a.example")).isEmpty());
    assertTrue(two.refusal(new AccountName("x", "b.example")).orElseThrow().contains("overlaps"));
    DomainSettings same = DirectoryFixture.domain("b.example", a.range());
    DomainProvider one = fixture.provider("a.example", Optional.of("t"));
    DomainProvider other = fixture.provider("b.example", Optional.of("t"));
    Domains oneTenant =
        new Domains(
            order, List.of(a, same), List.of(one, other), Map.of(one, "t", other, "t"), subids);
    assertEquals(List.of(), oneTenant.refusals());
    for (IdRange bad :
        List.of(
            new IdRange(500, 2000),
            new IdRange(60_000, 70_000),
            new IdRange(2_000_000_000L, 2_200_000_000L),
            new IdRange(5000, 4000))) {
      assertFalse(
          new Domains(
                  order,
                  List.of(DirectoryFixture.domain("a.example", bad)),
                  List.of(),
                  Map.of(),
                  subids)
              .refusals()
              .isEmpty(),
          bad.toString());
    }
  }
}
