package himmelblau.nssmap.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.directory.LookupMap.MappedUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"base", "delta", "empty", "many"})
  void writesTheVeryBytesThatTheCReaderIsTestedOn(String name) throws IOException {
    Path mine = folder.resolve(name);
    Vectors.write(Vectors.folder().resolve(name + ".txt"), mine);
    assertArrayEquals(
        Files.readAllBytes(Vectors.folder().resolve(name + ".map")), Files.readAllBytes(mine));
  }

  @Test
  void readsWhatTheCWriterWrote() throws IOException {
    BlockReader blocks = BlockReader.open(Vectors.folder().resolve("many.map"));
    try (MapFileReader map = new MapFileReader(blocks)) {
      List<MappedUser> users = new ArrayList<>();
      map.users(users::add);
      assertEquals(120, users.size());
      MappedUser found = map.byName("p77@example.com").orElseThrow();
      assertEquals(users.get(77), found);
      assertEquals(found, map.byUid(1_000_077).orElseThrow());
      assertEquals(4, found.gids().size());
      assertTrue(map.byGid(found.gids().get(1)).orElseThrow().entry().members().contains("p77"));
      assertTrue(map.byName("p120").isEmpty() && map.byUid(5).isEmpty() && map.byGid(5).isEmpty());
    }
  }

  @Test
  void refusesEveryDamagedBlock() throws IOException {
    byte[] good = Files.readAllBytes(Vectors.folder().resolve("many.map"));
    for (int at = 0; at < good.length; at += 1009) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      Path file = Files.write(folder.resolve("bad"), bad);
      try (BlockReader blocks = BlockReader.open(file)) {
        if (blocks != null) {
          long size = blocks.header().size();
          assertEquals("damaged", read(blocks, size), "byte " + at);
        }
      }
    }
    Files.write(folder.resolve("bad"), Arrays.copyOf(good, good.length - 1));
    assertEquals(null, BlockReader.open(folder.resolve("bad")));
  }

  private static String read(BlockReader blocks, long size) throws IOException {
    try {
      blocks.read(0, (int) size);
      return "whole";
    } catch (DamagedMap damaged) {
      return "damaged";
    }
  }
}
