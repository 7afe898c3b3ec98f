package himmelblau.nssmap.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.directory.GroupEntry;
import himmelblau.api.directory.LookupMap.Change;
import himmelblau.api.directory.LookupMap.MappedGroup;
import himmelblau.api.directory.LookupMap.MappedUser;
import himmelblau.api.directory.LookupMap.Snapshot;
import himmelblau.api.directory.PasswdEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NssMapTest {
  private static final UUID GROUP = UUID.fromString("bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6");

  @TempDir Path folder;
  private NssMap map;

  @BeforeEach
  void open() throws IOException {
    map = new NssMap(folder, Clock.systemUTC());
  }

  @AfterEach
  void close() throws IOException {
    map.close();
  }

  @Test
  void namesLocalAccounts() throws IOException {
    Path file = folder.resolve("local-names");
    map.localNames(Set.of("zoe", "anna"));
    assertEquals("anna\nzoe\n", Files.readString(file));
    assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    map.localNames(Set.of());
    assertEquals("", Files.readString(file));
  }

  private static MappedUser user(String name, long uid, Long... more) {
    List<Long> gids = new ArrayList<>(List.of(uid));
    gids.addAll(List.of(more));
    return new MappedUser(
        new PasswdEntry(name, uid, uid, "", "/home/" + name, "/bin/sh"),
        List.of(name + "@example.com"),
        gids);
  }

  private static MappedGroup group(String name, long gid, List<String> members) {
    return new MappedGroup(new GroupEntry(name, gid, members), Optional.of(GROUP));
  }

  private static Change users(MappedUser... users) {
    return new Change(List.of(users), List.of(), Map.of(), List.of());
  }

  private MapFileReader open(String name) throws IOException {
    BlockReader blocks = BlockReader.open(folder.resolve(name));
    return new MapFileReader(blocks);
  }

  /** Users of a file, by name; removed ones are called "-". */
  private List<String> names(String file) throws IOException {
    List<String> names = new ArrayList<>();
    try (MapFileReader reader = open(file)) {
      reader.users(user -> names.add(user.entry().name() + " " + user.entry().uid()));
    }
    return names;
  }

  @Test
  void aSmallChangeLeavesTheBaseAlone() throws IOException {
    map.publish(new Snapshot(List.of(user("a", 5000)), List.of(), Map.of()));
    byte[] base = Files.readAllBytes(folder.resolve("map"));
    long before = map.generation();
    map.merge(users(user("b", 5001)));
    assertArrayEquals(base, Files.readAllBytes(folder.resolve("map")));
    assertEquals(List.of("b 5001"), names("delta"));
    assertTrue(map.generation() > before);
    assertEquals(
        "rw-r--r--",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("delta"))));
  }

  @Test
  void aDeltaBelongsToItsBase() throws IOException {
    map.merge(users(user("a", 5000)));
    map.publish(new Snapshot(List.of(user("b", 5001)), List.of(), Map.of()));
    try (MapFileReader base = open("map");
        MapFileReader delta = open("delta")) {
      assertEquals(base.header().generation(), delta.header().baseGeneration());
      assertEquals(0, delta.header().users());
    }
  }

  @Test
  void generationsContinueAfterARestart() throws IOException {
    map.merge(users(user("a", 5000)));
    long last = map.generation();
    map.close();
    map = new NssMap(folder, Clock.systemUTC());
    map.merge(users(user("b", 5001)));
    assertTrue(map.generation() > last);
  }

  @Test
  void aNameThatMovesToAnotherIdHidesTheOldOne() throws IOException {
    map.publish(new Snapshot(List.of(user("a", 5000)), List.of(), Map.of()));
    map.merge(users(user("a", 6000)));
    assertEquals(List.of("a 6000", "- 5000"), names("delta"));
  }

  @Test
  void aRemovedUserIsHidden() throws IOException {
    map.publish(new Snapshot(List.of(user("a", 5000)), List.of(), Map.of()));
    map.merge(users(user("b", 5001)));
    map.merge(new Change(List.of(), List.of(), Map.of(), List.of("a", "B@example.com", "nobody")));
    assertEquals(List.of("- 5000"), names("delta"));
  }

  @Test
  void aMissingNameNeverHidesAnExistingUser() throws IOException {
    Instant later = Instant.now().plusSeconds(60);
    map.publish(new Snapshot(List.of(user("a", 5000)), List.of(), Map.of()));
    map.merge(new Change(List.of(), List.of(), Map.of("a", later, "ghost", later), List.of()));
    try (MapFileReader delta = open("delta")) {
      assertEquals(1, delta.header().negatives());
    }
    map.merge(users(user("ghost", 5002)));
    try (MapFileReader delta = open("delta")) {
      assertEquals(0, delta.header().negatives());
    }
  }

  @Test
  void aLargeGroupIsExtendedNotRepeated() throws IOException {
    List<String> many = IntStream.range(0, 1000).mapToObj(i -> "member" + i).toList();
    map.publish(new Snapshot(List.of(), List.of(group("all", 7000, many)), Map.of()));
    map.merge(
        new Change(
            List.of(), List.of(), Map.of(), List.of(), Map.of(7000L, List.of("new", "member7"))));
    try (MapFileReader delta = open("delta")) {
      assertEquals(List.of("new"), delta.byGid(7000).orElseThrow().entry().members());
    }
    List<String> more = new ArrayList<>(many);
    more.add("newer");
    map.merge(new Change(List.of(), List.of(group("all", 7000, more)), Map.of(), List.of()));
    try (MapFileReader delta = open("delta")) {
      assertEquals(List.of("newer"), delta.byGid(7000).orElseThrow().entry().members());
    }
    map.merge(
        new Change(
            List.of(), List.of(group("all", 7000, many.subList(1, 1000))), Map.of(), List.of()));
    try (MapFileReader delta = open("delta")) {
      assertEquals(999, delta.byGid(7000).orElseThrow().entry().members().size());
    }
  }

  @Test
  void aGrownDeltaBecomesANewBaseWithNothingLost() throws Exception {
    map.publish(
        new Snapshot(List.of(user("first", 4000), user("gone", 4001)), List.of(), Map.of()));
    map.merge(new Change(List.of(), List.of(), Map.of(), List.of("gone")));
    long before = base();
    int uid = 5000;
    while (base() == before) {
      assertTrue(uid < 200_000, "no new base");
      List<MappedUser> batch = new ArrayList<>();
      for (int i = 0; i < 200; i++, uid++) {
        batch.add(user("p" + uid, uid));
      }
      map.merge(users(batch.toArray(MappedUser[]::new)));
    }
    try (MapFileReader now = open("map");
        MapFileReader delta = open("delta")) {
      assertTrue(now.byName("first").isPresent());
      assertFalse(now.byName("gone").isPresent());
      for (int i = 5000; i < uid; i++) {
        assertTrue(now.byUid(i).isPresent() || delta.byUid(i).isPresent(), "uid " + i);
      }
    }
  }

  private long base() throws IOException {
    try (MapFileReader now = open("map")) {
      return now.header().generation();
    }
  }

  @Test
  void hostileEntriesNeverReachTheFile() throws IOException {
    map.merge(
        users(
            user("evil:x:0:0", 5000),
            user("line\nbreak", 5001),
            user("n".repeat(300), 5002),
            user("system", 999),
            user("nobody2", 65534),
            user("huge", 0xFFFF_FFFFL),
            user("good", 5003)));
    assertEquals(List.of("good 5003"), names("delta"));
  }

  @Test
  void aFailedWriteLeavesTheOldMap() throws IOException {
    map.merge(users(user("a", 5000)));
    byte[] old = Files.readAllBytes(folder.resolve("delta"));
    Files.createDirectories(folder.resolve("delta.new/in-the-way"));
    assertThrows(UncheckedIOException.class, () -> map.merge(users(user("b", 5001))));
    assertArrayEquals(old, Files.readAllBytes(folder.resolve("delta")));
    Files.delete(folder.resolve("delta.new/in-the-way"));
    map.merge(users(user("c", 5002)));
    assertEquals(List.of("a 5000", "b 5001", "c 5002"), names("delta"));
  }

  @Test
  void damagedFilesOfAnEarlierRunAreReplaced() throws IOException {
    map.close();
    Files.writeString(folder.resolve("map"), "garbage");
    Files.writeString(folder.resolve("delta"), "garbage");
    map = new NssMap(folder, Clock.systemUTC());
    map.merge(users(user("a", 5000)));
    assertEquals(List.of("a 5000"), names("delta"));
    assertEquals(List.of(), names("map"));
  }
}
