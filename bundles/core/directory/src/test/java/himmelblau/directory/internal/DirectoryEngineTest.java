package himmelblau.directory.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.directory.DirectoryConflict;
import himmelblau.directory.internal.ids.IdRange;
import himmelblau.directory.internal.options.DomainSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configurations that are added, removed and replaced while there are users. */
class DirectoryEngineTest {
  @TempDir Path folder;

  @Test
  void oneOwnerReplacedByAnotherThatSaysTheSameLeavesTheDomain() throws Exception {
    try (DirectoryFixture fixture = new DirectoryFixture(folder)) {
      DomainSettings same = DirectoryFixture.domain(DirectoryFixture.DOMAIN, IdRange.DEFAULT);
      Object fresh = new Object();
      fixture.engine.add(fresh, same);
      fixture.engine.remove(DirectoryFixture.DOMAIN); // the old owner goes last
      assertTrue(fixture.engine.setup().domains().configured(DirectoryFixture.DOMAIN));
      fixture.engine.remove(fresh);
      assertTrue(!fixture.engine.setup().domains().configured(DirectoryFixture.DOMAIN));
    }
  }

  @Test
  void aShortTimeWithoutTheDomainChangesNothing() throws Exception {
    try (DirectoryFixture fixture = new DirectoryFixture(folder)) {
      AccountName name = DirectoryFixture.name("user02");
      fixture.engine.remove(DirectoryFixture.DOMAIN);
      assertThrows(
          DirectoryConflict.class,
          () -> fixture.directory().record(DirectoryUser.provisional(name), Optional.empty()));
      fixture.engine.add(
          DirectoryFixture.DOMAIN,
          DirectoryFixture.domain(DirectoryFixture.DOMAIN, IdRange.DEFAULT));
      assertEquals(Optional.empty(), fixture.directory().obstacle(name));
      fixture.directory().record(DirectoryUser.provisional(name), Optional.empty());
    }
  }

  @Test
  void aNewLocalAccountHidesTheDirectoryUserAtOnce() throws Exception {
    try (DirectoryFixture fixture = new DirectoryFixture(folder)) {
      assertTrue(fixture.directory().resolve("fresh").isPresent());
      Files.writeString(
          fixture.etc.resolve("passwd"),
          "fresh:x:4711:4711::/home/fresh:/bin/sh\n",
          StandardOpenOption.APPEND);
      assertEquals(Optional.empty(), fixture.directory().resolve("fresh"));
    }
  }
}
