package himmelblau.directory.internal.assign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.directory.DirectoryConflict;
import himmelblau.api.directory.Gids;
import himmelblau.api.directory.LookupAnswer;
import himmelblau.directory.internal.DirectoryFixture;
import himmelblau.directory.internal.ids.IdHash;
import himmelblau.directory.internal.ids.IdRange;
import himmelblau.directory.internal.options.GlobalSettings.Source;
import himmelblau.directory.internal.store.StaticIds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No object gets an id because it came first, and none loses its id by being renamed. */
class IdCollisionTest {
  private static final String ONE = "cd4ebec9-434c-4bad-af7c-9c39a4127551";
  private static final String TWO = "4210d86f-ce97-4aff-97f7-bd3789727903";

  @TempDir Path folder;
  private DirectoryFixture fixture;

  @BeforeEach
  void begin() throws Exception {
    fixture = new DirectoryFixture(folder);
    fixture.configure(fixture.settings(Source.RFC2307, true, Optional.empty()));
  }

  @AfterEach
  void end() {
    fixture.close();
  }

  private boolean blocked(String local) {
    return fixture.directory().obstacle(DirectoryFixture.name(local)).isPresent();
  }

  private void record(DirectoryUser user, Group... groups) throws DirectoryConflict {
    fixture.directory().record(user, Optional.of(List.of(groups)));
  }

  private void refused(DirectoryUser user) {
    assertThrows(DirectoryConflict.class, () -> record(user));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 500 && !condition.getAsBoolean(); i++) {
      Thread.sleep(10);
    }
    assertTrue(condition.getAsBoolean());
  }

  @Test
  void neitherARefreshNorAClearedCacheDecidesACollision() throws Exception {
    record(DirectoryFixture.user("user01", ONE, DirectoryFixture.posix(5000)));
    refused(DirectoryFixture.user("user02", TWO, DirectoryFixture.posix(5000)));
    assertTrue(blocked("user01") && blocked("user02"));
    record(DirectoryFixture.user("user01", ONE, DirectoryFixture.posix(5000)));
    record(DirectoryUser.provisional(DirectoryFixture.name("user01")));
    assertTrue(blocked("user01"), "a refresh of the one");
    refused(DirectoryFixture.user("user02", TWO, DirectoryFixture.posix(5000)));
    fixture.directory().expire();
    assertTrue(blocked("user01") && blocked("user02"), "cache-clear");
    assertEquals(1, fixture.troubles().size());
  }

  @Test
  void aLookedUpNameClaimsNoId() throws Exception {
    long id = IdHash.ofName(DirectoryFixture.name("chosen").upn(), IdRange.DEFAULT).getAsLong();
    record(DirectoryFixture.user("user01", ONE, DirectoryFixture.posix(id)));
    fixture.cloud.put(
        DirectoryFixture.name("chosen").upn(),
        DirectoryUser.provisional(DirectoryFixture.name("chosen")));
    assertInstanceOf(
        LookupAnswer.NotFound.class,
        fixture.directory().userByName("chosen", Duration.ofSeconds(10)));
    assertTrue(!blocked("user01"), "who has signed in");
    assertTrue(blocked("chosen"));
    refused(DirectoryFixture.user("chosen", TWO, DirectoryFixture.posix(id)));
    assertTrue(blocked("user01") && blocked("chosen"), "two who are known");
    refused(DirectoryUser.provisional(DirectoryFixture.name("chosen")));
    assertTrue(blocked("user01"), "a lookup ends no claim either");
  }

  @Test
  void norAGroups() throws Exception {
    long id = IdHash.ofName(DirectoryFixture.name("chosen").upn(), IdRange.DEFAULT).getAsLong();
    record(
        DirectoryFixture.user("user01", ONE, DirectoryFixture.posix(5000)),
        new Group(UUID.fromString(TWO), "admins", OptionalLong.of(id)));
    assertEquals(List.of(id), gids("user01"));
    refused(DirectoryUser.provisional(DirectoryFixture.name("chosen")));
    assertEquals(List.of(id), gids("user01"));
  }

  @Test
  void whenTheHolderGoesTheOtherMayHaveIt() throws Exception {
    record(DirectoryFixture.user("user01", ONE, DirectoryFixture.posix(5000)));
    refused(DirectoryFixture.user("user02", TWO, DirectoryFixture.posix(5000)));
    fixture.directory().expire();
    fixture.directory().userByName("user01", DirectoryFixture.BUDGET); // the cloud has nobody
    await(() -> fixture.directory().account(DirectoryFixture.name("user01")).isEmpty());
    assertTrue(!blocked("user02"));
    record(DirectoryFixture.user("user02", TWO, DirectoryFixture.posix(5000)));
    assertEquals(List.of(), fixture.troubles());
  }

  @Test
  void whenTheOtherGoesTheHolderIsFree() throws Exception {
    record(DirectoryFixture.user("user01", ONE, DirectoryFixture.posix(5000)));
    refused(DirectoryFixture.user("user02", TWO, DirectoryFixture.posix(5000)));
    record(DirectoryFixture.user("user02", TWO, DirectoryFixture.posix(5001)));
    assertTrue(!blocked("user01") && !blocked("user02"));
    assertEquals(List.of(), fixture.troubles());
  }

  @Test
  void ofTwoGroupsWithOneGidNeitherGivesIt() throws Exception {
    Group one = new Group(UUID.fromString(ONE), "one", OptionalLong.of(7000));
    Group two = new Group(UUID.fromString(TWO), "two", OptionalLong.of(7000));
    String user01 = "97bfcfc4-fb12-445e-aaca-28c6b5375855";
    String user02 = "1e26150d-efe0-4551-b9d3-49ea287c80a7";
    // They stay when the directory is asked behind the test.
    fixture.cloud.put(
        DirectoryFixture.name("user01").upn(),
        DirectoryFixture.user("user01", user01, DirectoryFixture.posix(5001)));
    fixture.cloud.put(
        DirectoryFixture.name("user02").upn(),
        DirectoryFixture.user("user02", user02, DirectoryFixture.posix(5002)));
    record(DirectoryFixture.user("user01", user01, DirectoryFixture.posix(5001)), one);
    assertEquals(List.of(7000L), gids("user01"));
    record(DirectoryFixture.user("user02", user02, DirectoryFixture.posix(5002)), two);
    assertEquals(List.of(), gids("user01"));
    assertEquals(List.of(), gids("user02"));
    assertTrue(
        fixture.map.published.getLast().users().stream()
            .noneMatch(user -> user.gids().contains(7000L)),
        "not in the map either");
    assertInstanceOf(
        LookupAnswer.Found.class,
        fixture.directory().groupById(7000, DirectoryFixture.BUDGET),
        "files keep their owner");
    record(DirectoryFixture.user("user01", user01, DirectoryFixture.posix(5001)), one);
    assertEquals(List.of(), gids("user01"), "a refresh of the one");
    fixture
        .engine
        .area()
        .write(
            c -> {
              StaticIds.putGroup(c, UUID.fromString(TWO), 7001);
              return true;
            });
    fixture.engine.staticIdsChanged();
    record(DirectoryFixture.user("user02", user02, DirectoryFixture.posix(5002)), two);
    assertEquals(List.of(7001L), gids("user02"));
    assertEquals(List.of(7000L), gids("user01"));
    assertEquals(List.of(), fixture.troubles());
  }

  private List<Long> gids(String local) {
    return fixture.directory().groupsOf(local, DirectoryFixture.BUDGET)
            instanceof LookupAnswer.Found<Gids> found
        ? found.value().supplementary()
        : List.of(-1L);
  }

  @Test
  void aRenamedUserKeepsTheUidForGood() throws Exception {
    fixture.configure(fixture.settings(Source.NAME, true, Optional.empty()));
    record(DirectoryFixture.user("user02", ONE));
    record(DirectoryFixture.user("newname", ONE));
    assertEquals(773235643, uid("newname"));
    record(DirectoryFixture.user("newname", ONE));
    assertEquals(773235643, uid("newname"), "at the next sign-in");
    record(DirectoryUser.provisional(DirectoryFixture.name("newname")));
    assertEquals(773235643, uid("newname"), "at a refresh");
  }

  @Test
  void alsoWhenTheHostSawTheOldNameVanishFirst() throws Exception {
    fixture.configure(fixture.settings(Source.NAME, true, Optional.empty()));
    record(DirectoryFixture.user("user02", ONE));
    fixture.directory().expire();
    fixture.directory().userByName("user02", DirectoryFixture.BUDGET);
    await(() -> fixture.directory().account(DirectoryFixture.name("user02")).isEmpty());
    record(DirectoryFixture.user("newname", ONE));
    assertEquals(773235643, uid("newname"));
  }

  @Test
  void aFormerUidThatIsTakenStaysTaken() throws Exception {
    fixture.configure(fixture.settings(Source.NAME, true, Optional.empty()));
    record(DirectoryFixture.user("user02", ONE));
    fixture.directory().expire();
    fixture.directory().userByName("user02", DirectoryFixture.BUDGET);
    await(() -> fixture.directory().account(DirectoryFixture.name("user02")).isEmpty());
    fixture
        .engine
        .area()
        .write(
            c -> {
              StaticIds.putUser(c, DirectoryFixture.name("user02"), 773235643, 773235643);
              return true;
            });
    fixture.engine.staticIdsChanged();
    record(DirectoryFixture.user("user02", TWO));
    assertEquals(773235643, uid("user02"), "an administrator has decided");
    record(DirectoryFixture.user("newname", ONE));
    assertTrue(uid("newname") != 773235643);
  }

  private long uid(String local) {
    return fixture.directory().account(DirectoryFixture.name(local)).orElseThrow().passwd().uid();
  }
}
