package himmelblau.directory.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShownGroupsTest {
  private static final String ID = "cd4ebec9-434c-4bad-af7c-9c39a4127551";
  private static final String DATENGRUPPE = "bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6";
  private static final String LIKE_A_LOCAL_ONE = "4210d86f-ce97-4aff-97f7-bd3789727903";

  @TempDir Path folder;

  @Test
  void aGroupWhoseGidALocalOneHasAuthorisesButIsNotShown() throws Exception {
    try (World world = new World(folder)) {
      long gid =
          IdHash.ofName(LIKE_A_LOCAL_ONE, IdRange.DEFAULT).orElseThrow(); // as group "staff" gets
      Files.writeString(world.etc.resolve("group"), "elsewhere:x:" + gid + ":\n");
      world
          .directory()
          .record(
              World.user("user02", ID),
              Optional.of(
                  List.of(
                      World.group("datengruppe", DATENGRUPPE),
                      World.group("staff", LIKE_A_LOCAL_ONE))));
      assertEquals(2, world.directory().groupsOf(World.name("user02")).size());
      assertEquals(
          List.of(UUID.fromString(DATENGRUPPE)),
          world.directory().shownGroupsOf(World.name("user02")));
      assertEquals(List.of(), world.directory().shownGroupsOf(World.name("stranger")));
    }
  }

  @Test
  void whoeverTheUserMapNamesSignsInToALocalAccount() throws Exception {
    Files.createDirectories(folder.resolve("etc"));
    Files.writeString(folder.resolve("etc/user-map"), "local:user02@" + World.DOMAIN + "\n");
    try (World world = new World(folder)) {
      assertTrue(world.directory().signsInToLocal(World.name("user02")));
      assertFalse(world.directory().signsInToLocal(World.name("user01")));
    }
  }
}
