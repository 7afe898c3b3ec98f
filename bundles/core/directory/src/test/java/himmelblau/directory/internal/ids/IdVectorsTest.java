package himmelblau.directory.internal.ids;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IdVectorsTest {
  private static Path folder() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(at.resolve("testing/vectors/idmap"))) {
      at = at.getParent();
    }
    return at.resolve("testing/vectors/idmap");
  }

  private static List<String[]> rows(String name) throws IOException {
    return Files.readAllLines(folder().resolve(name)).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("\t", -1))
        .toList();
  }

  static List<String[]> names() throws IOException {
    return rows("by-name.txt");
  }

  static List<String[]> objects() throws IOException {
    return rows("by-object-id.txt");
  }

  static List<String[]> subordinates() throws IOException {
    return rows("subordinate.txt");
  }

  static List<String> badSids() throws IOException {
    return Files.readAllLines(folder().resolve("bad-sids.txt"));
  }

  private static IdRange range(String min, String max) {
    return new IdRange(Long.parseLong(min), Long.parseLong(max));
  }

  private static OptionalLong expected(String text) {
    return text.equals("error") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
  }

  @ParameterizedTest
  @MethodSource("names")
  void byName(String input, String min, String max, String id) {
    assertEquals(expected(id), IdHash.ofName(input, range(min, max)));
  }

  @ParameterizedTest
  @MethodSource("objects")
  void byObjectId(String objectId, String sid, String min, String max, String id) {
    assertEquals(sid, Sid.of(UUID.fromString(objectId)).toString());
    assertEquals(Sid.of(UUID.fromString(objectId)), Sid.parse(sid).orElseThrow());
    assertEquals(expected(id), IdHash.ofObjectId(UUID.fromString(objectId), range(min, max)));
  }

  @ParameterizedTest
  @MethodSource("subordinates")
  void subordinate(String name, String min, String max, String start) {
    assertEquals(Long.parseLong(start), IdHash.subordinateStart(name, range(min, max)));
  }

  @ParameterizedTest
  @MethodSource("badSids")
  void refusedSids(String text) {
    assertTrue(Sid.parse(text).isEmpty());
  }

  @Test
  void shortSid() {
    Sid sid = Sid.parse("S-1-12-1-4294967295").orElseThrow();
    assertEquals(
        OptionalLong.of(0), IdHash.ofRelativeId(sid.relativeId(), range("0", "4294967295")));
  }

  @Test
  void rawHashes() {
    assertEquals(0x71FF31A7, Murmur3.hash("tux@contoso.onmicrosoft.com".getBytes()));
    assertEquals(0x0DE5C6A9, Murmur3.hash(new byte[0]));
    assertEquals(0x5FD53442, Murmur3.hash("user@example.com".getBytes()));
  }

  @Test
  void rangesOfTheHostAreFound() {
    assertTrue(ReservedIds.touching(new IdRange(500, 5000)).isPresent());
    assertTrue(ReservedIds.touching(new IdRange(10_000, 61_184)).isPresent());
    assertTrue(ReservedIds.touching(new IdRange(65_535, 70_000)).isPresent());
    assertTrue(ReservedIds.touching(new IdRange(70_000, 4_294_967_295L)).isPresent());
    assertTrue(ReservedIds.touching(IdRange.DEFAULT).isEmpty());
    assertTrue(ReservedIds.touching(new IdRange(1000, 60_000)).isEmpty());
    for (long id :
        new long[] {0, 999, 60_001, 61_184, 65_519, 65_534, 65_535, 4_294_967_295L, -1}) {
      assertTrue(ReservedIds.owner(id).isPresent(), "id " + id);
    }
  }
}
