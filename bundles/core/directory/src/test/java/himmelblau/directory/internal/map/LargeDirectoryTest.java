package himmelblau.directory.internal.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.Group;
import himmelblau.api.directory.Gids;
import himmelblau.api.directory.GroupEntry;
import himmelblau.api.directory.LookupAnswer;
import himmelblau.api.directory.LookupMap.Change;
import himmelblau.directory.internal.DirectoryFixture;
import himmelblau.directory.internal.ids.IdRange;
import himmelblau.directory.internal.store.Sql;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A group of 20,000 users, and a user in 5,000 groups. */
class LargeDirectoryTest {
  private static final UUID CROWD = UUID.fromString("bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6");
  private static final long GID = 145696387;
  private static final int USERS = 20_000;

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

  private static Group crowd() {
    return DirectoryFixture.group("datengruppe", CROWD.toString());
  }

  private static Duration timed(Runnable work) {
    long begin = System.nanoTime();
    work.run();
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /** As 20,000 sign-ins would have left them. */
  private void gather() throws Exception {
    fixture
        .directory()
        .record(
            DirectoryFixture.user("first", UUID.randomUUID().toString()),
            Optional.of(List.of(crowd())));
    fixture
        .engine
        .area()
        .write(
            c -> {
              for (int i = 1; i < USERS; i++) {
                Sql.update(
                    c,
                    "INSERT INTO directory_people (upn, display_name, uid, gid, basis, refreshed)"
                        + " VALUES (?, '', ?, ?, ?, ?)",
                    "p" + i + "@" + DirectoryFixture.DOMAIN,
                    300_000_000 + i,
                    300_000_000 + i,
                    "name:" + IdRange.DEFAULT,
                    Instant.now().getEpochSecond());
              }
              return Sql.update(
                  c,
                  "INSERT OR IGNORE INTO directory_memberships (person, object_id)"
                      + " SELECT id, ? FROM directory_people",
                  CROWD.toString());
            });
  }

  @Test
  void aGroupOfTwentyThousandIsShownWholeAndJoiningItCostsWhatASmallOneCosts() throws Exception {
    gather();
    GroupEntry entry =
        ((LookupAnswer.Found<GroupEntry>)
                assertInstanceOf(
                    LookupAnswer.Found.class,
                    fixture.directory().groupById(GID, DirectoryFixture.BUDGET)))
            .value();
    assertEquals(USERS, entry.members().size());
    assertEquals(USERS, entry.members().stream().distinct().count());
    Group small = DirectoryFixture.group("klein", UUID.randomUUID().toString());
    joining("earlier", small);
    Duration reference = joining("earlier-too", small);
    int before = fixture.map.changes.size();
    Duration joining = joining("later", crowd());
    Change change = fixture.map.changes.get(before);
    assertEquals(List.of(), change.groups(), "its members are not written again");
    assertEquals(List.of("later"), change.joined().get(GID));
    Duration most = reference.multipliedBy(10).plusMillis(500);
    assertTrue(joining.compareTo(most) < 0, joining + ", a small group: " + reference);
  }

  private Duration joining(String name, Group group) {
    return timed(
        () -> {
          try {
            fixture
                .directory()
                .record(
                    DirectoryFixture.user(name, UUID.randomUUID().toString()),
                    Optional.of(List.of(group)));
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void aUserInFiveThousandGroupsHasThemAll() throws Exception {
    List<Group> groups = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      groups.add(
          DirectoryFixture.group(
              "g" + i, new UUID(0x4000L | (long) i << 32, 1L << 63 | i).toString()));
    }
    String id = UUID.randomUUID().toString();
    fixture.directory().record(DirectoryFixture.user("user02", id), Optional.of(groups));
    LookupAnswer<Gids> answer = fixture.directory().groupsOf("user02", DirectoryFixture.BUDGET);
    int granted = ((LookupAnswer.Found<Gids>) answer).value().supplementary().size();
    assertTrue(granted >= 4990, "a few hashes may meet: " + granted);
    assertEquals(
        5000,
        fixture.directory().groupsOf(DirectoryFixture.name("user02")).size(),
        "all authorise");
    int before = fixture.map.changes.size();
    Duration again =
        timed(
            () -> {
              try {
                fixture
                    .directory()
                    .record(DirectoryFixture.user("user02", id), Optional.of(groups));
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    assertEquals(before, fixture.map.changes.size(), "nothing has changed");
    assertTrue(again.toSeconds() < 10, again.toString());
  }
}
