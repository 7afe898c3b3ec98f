package himmelblau.directory.internal.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.directory.internal.DirectoryFixture;
import himmelblau.directory.internal.ids.IdHash;
import himmelblau.directory.internal.ids.IdRange;
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
  void aGroupWhoseGidIsTakenLocallyAuthorisesButIsNotShown() throws Exception {
    try (DirectoryFixture fixture = new DirectoryFixture(folder)) {
      long gid =
          IdHash.ofName(LIKE_A_LOCAL_ONE, IdRange.DEFAULT).orElseThrow(); // as group "staff" gets
      Files.writeString(fixture.etc.resolve("group"), "elsewhere:x:" + gid + ":\n");
      fixture
          .directory()
          .record(
              DirectoryFixture.user("user02", ID),
              Optional.of(
                  List.of(
                      DirectoryFixture.group("datengruppe", DATENGRUPPE),
                      DirectoryFixture.group("staff", LIKE_A_LOCAL_ONE))));
      assertEquals(2, fixture.directory().groupsOf(DirectoryFixture.name("user02")).size());
      assertEquals(
          List.of(UUID.fromString(DATENGRUPPE)),
          fixture.directory().shownGroupsOf(DirectoryFixture.name("user02")));
      assertEquals(List.of(), fixture.directory().shownGroupsOf(DirectoryFixture.name("stranger")));
    }
  }

  @Test
  void usersOfTheUserMapSignInToALocalAccount() throws Exception {
    Files.createDirectories(folder.resolve("etc"));
    Files.writeString(
        folder.resolve("etc/user-map"), "local:user02@" + DirectoryFixture.DOMAIN + "\n");
    try (DirectoryFixture fixture = new DirectoryFixture(folder)) {
      assertTrue(fixture.directory().signsInToLocal(DirectoryFixture.name("user02")));
      assertFalse(fixture.directory().signsInToLocal(DirectoryFixture.name("user01")));
    }
  }
}
