package himmelblau.directory.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.directory.DirectoryConflict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configuration that comes, goes and is replaced under people. */
class EngineTest {
  @TempDir Path folder;

  @Test
  void oneOwnerReplacedByAnotherThatSaysTheSameLeavesTheDomain() throws Exception {
    try (World world = new World(folder)) {
      DomainSettings same = World.domain(World.DOMAIN, IdRange.DEFAULT);
      Object fresh = new Object();
      world.engine.add(fresh, same);
      world.engine.remove(World.DOMAIN); // the old owner goes last
      assertTrue(world.engine.setup().domains().configured(World.DOMAIN));
      world.engine.remove(fresh);
      assertTrue(!world.engine.setup().domains().configured(World.DOMAIN));
    }
  }

  @Test
  void aMomentWithoutTheDomainIsHeldAgainstNobody() throws Exception {
    try (World world = new World(folder)) {
      AccountName name = World.name("user02");
      world.engine.remove(World.DOMAIN);
      assertThrows(
          DirectoryConflict.class,
          () -> world.directory().record(DirectoryUser.provisional(name), Optional.empty()));
      world.engine.add(World.DOMAIN, World.domain(World.DOMAIN, IdRange.DEFAULT));
      assertEquals(Optional.empty(), world.directory().obstacle(name));
      world.directory().record(DirectoryUser.provisional(name), Optional.empty());
    }
  }

  @Test
  void aNewLocalAccountIsNobodyOfTheDirectoryFromThatMomentOn() throws Exception {
    try (World world = new World(folder)) {
      assertTrue(world.directory().resolve("fresh").isPresent());
      Files.writeString(
          world.etc.resolve("passwd"),
          "fresh:x:4711:4711::/home/fresh:/bin/sh\n",
          StandardOpenOption.APPEND);
      assertEquals(Optional.empty(), world.directory().resolve("fresh"));
    }
  }
}
