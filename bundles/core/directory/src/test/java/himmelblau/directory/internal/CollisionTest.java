package himmelblau.directory.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.directory.Answer;
import himmelblau.api.directory.DirectoryConflict;
import himmelblau.api.directory.Gids;
import himmelblau.directory.internal.Settings.Source;
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

/** Nobody gets an id by having come first, and nobody loses one by being renamed. */
class CollisionTest {
  private static final String ONE = "cd4ebec9-434c-4bad-af7c-9c39a4127551";
  private static final String TWO = "4210d86f-ce97-4aff-97f7-bd3789727903";

  @TempDir Path folder;
  private World world;

  @BeforeEach
  void begin() throws Exception {
    world = new World(folder);
    world.engine.settings(world.settings(Source.RFC2307, true, Optional.empty()));
  }

  @AfterEach
  void end() {
    world.close();
  }

  private boolean blocked(String local) {
    return world.directory().obstacle(World.name(local)).isPresent();
  }

  private void record(DirectoryUser user, Group... groups) throws DirectoryConflict {
    world.directory().record(user, Optional.of(List.of(groups)));
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
    record(World.user("user01", ONE, World.posix(5000)));
    refused(World.user("user02", TWO, World.posix(5000)));
    assertTrue(blocked("user01") && blocked("user02"));
    record(World.user("user01", ONE, World.posix(5000)));
    record(DirectoryUser.provisional(World.name("user01")));
    assertTrue(blocked("user01"), "a refresh of the one");
    refused(World.user("user02", TWO, World.posix(5000)));
    world.directory().expire();
    assertTrue(blocked("user01") && blocked("user02"), "cache-clear");
    assertEquals(1, world.engine.troubles().size());
  }

  @Test
  void aNameThatSomebodyAskedForDisputesNobodysId() throws Exception {
    long id = IdHash.ofName(World.name("chosen").upn(), IdRange.DEFAULT).getAsLong();
    record(World.user("user01", ONE, World.posix(id)));
    world.cloud.put(World.name("chosen").upn(), DirectoryUser.provisional(World.name("chosen")));
    assertInstanceOf(
        Answer.NotFound.class, world.directory().userByName("chosen", Duration.ofSeconds(10)));
    assertTrue(!blocked("user01"), "who has signed in");
    assertTrue(blocked("chosen"));
    refused(World.user("chosen", TWO, World.posix(id)));
    assertTrue(blocked("user01") && blocked("chosen"), "two who are known");
    refused(DirectoryUser.provisional(World.name("chosen")));
    assertTrue(blocked("user01"), "a look-up ends no claim either");
  }

  @Test
  void norAGroups() throws Exception {
    long id = IdHash.ofName(World.name("chosen").upn(), IdRange.DEFAULT).getAsLong();
    record(
        World.user("user01", ONE, World.posix(5000)),
        new Group(UUID.fromString(TWO), "admins", OptionalLong.of(id)));
    assertEquals(List.of(id), gids("user01"));
    refused(DirectoryUser.provisional(World.name("chosen")));
    assertEquals(List.of(id), gids("user01"));
  }

  @Test
  void whenTheHolderGoesTheOtherMayHaveIt() throws Exception {
    record(World.user("user01", ONE, World.posix(5000)));
    refused(World.user("user02", TWO, World.posix(5000)));
    world.directory().expire();
    world.directory().userByName("user01", World.BUDGET); // the cloud has nobody
    await(() -> world.directory().account(World.name("user01")).isEmpty());
    assertTrue(!blocked("user02"));
    record(World.user("user02", TWO, World.posix(5000)));
    assertEquals(List.of(), world.engine.troubles());
  }

  @Test
  void whenTheOtherGoesTheHolderIsFree() throws Exception {
    record(World.user("user01", ONE, World.posix(5000)));
    refused(World.user("user02", TWO, World.posix(5000)));
    record(World.user("user02", TWO, World.posix(5001)));
    assertTrue(!blocked("user01") && !blocked("user02"));
    assertEquals(List.of(), world.engine.troubles());
  }

  @Test
  void ofTwoGroupsWithOneGidNeitherGivesIt() throws Exception {
    Group one = new Group(UUID.fromString(ONE), "one", OptionalLong.of(7000));
    Group two = new Group(UUID.fromString(TWO), "two", OptionalLong.of(7000));
    String user01 = "97bfcfc4-fb12-445e-aaca-28c6b5375855";
    String user02 = "1e26150d-efe0-4551-b9d3-49ea287c80a7";
    // They stay when the directory is asked behind the test.
    world.cloud.put(World.name("user01").upn(), World.user("user01", user01, World.posix(5001)));
    world.cloud.put(World.name("user02").upn(), World.user("user02", user02, World.posix(5002)));
    record(World.user("user01", user01, World.posix(5001)), one);
    assertEquals(List.of(7000L), gids("user01"));
    record(World.user("user02", user02, World.posix(5002)), two);
    assertEquals(List.of(), gids("user01"));
    assertEquals(List.of(), gids("user02"));
    assertTrue(
        world.map.published.getLast().users().stream()
            .noneMatch(user -> user.gids().contains(7000L)),
        "not in the map either");
    assertInstanceOf(
        Answer.Found.class,
        world.directory().groupById(7000, World.BUDGET),
        "files keep their owner");
    record(World.user("user01", user01, World.posix(5001)), one);
    assertEquals(List.of(), gids("user01"), "a refresh of the one");
    world
        .engine
        .area()
        .write(
            c -> {
              StaticIds.putGroup(c, UUID.fromString(TWO), 7001);
              return true;
            });
    world.engine.staticIdsChanged();
    record(World.user("user02", user02, World.posix(5002)), two);
    assertEquals(List.of(7001L), gids("user02"));
    assertEquals(List.of(7000L), gids("user01"));
    assertEquals(List.of(), world.engine.troubles());
  }

  private List<Long> gids(String local) {
    return world.directory().groupsOf(local, World.BUDGET) instanceof Answer.Found<Gids> found
        ? found.value().supplementary()
        : List.of(-1L);
  }

  @Test
  void aRenamedPersonKeepsTheUidForGood() throws Exception {
    world.engine.settings(world.settings(Source.NAME, true, Optional.empty()));
    record(World.user("user02", ONE));
    record(World.user("newname", ONE));
    assertEquals(773235643, uid("newname"));
    record(World.user("newname", ONE));
    assertEquals(773235643, uid("newname"), "at the next sign-in");
    record(DirectoryUser.provisional(World.name("newname")));
    assertEquals(773235643, uid("newname"), "at a refresh");
  }

  @Test
  void alsoWhenTheHostSawTheOldNameVanishFirst() throws Exception {
    world.engine.settings(world.settings(Source.NAME, true, Optional.empty()));
    record(World.user("user02", ONE));
    world.directory().expire();
    world.directory().userByName("user02", World.BUDGET);
    await(() -> world.directory().account(World.name("user02")).isEmpty());
    record(World.user("newname", ONE));
    assertEquals(773235643, uid("newname"));
  }

  @Test
  void aFormerUidThatIsTakenStaysTaken() throws Exception {
    world.engine.settings(world.settings(Source.NAME, true, Optional.empty()));
    record(World.user("user02", ONE));
    world.directory().expire();
    world.directory().userByName("user02", World.BUDGET);
    await(() -> world.directory().account(World.name("user02")).isEmpty());
    record(World.user("user02", TWO));
    assertEquals(773235643, uid("user02"), "ids by name are the name's");
    record(World.user("newname", ONE));
    assertTrue(uid("newname") != 773235643);
  }

  private long uid(String local) {
    return world.directory().account(World.name(local)).orElseThrow().passwd().uid();
  }
}
