package himmelblau.login.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.login.PamCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short name that users of several domains have. */
class AmbiguousNameTest {
  private static final String SAID =
      "I The name user02 is ambiguous; here it means user02@example.org. If that is not you, sign in"
          + " with your full name.";

  @TempDir Path folder;
  private LoginFixture fixture;

  @BeforeEach
  void build() throws Exception {
    fixture = new LoginFixture(folder);
    fixture.options.put("domain", new String[] {"example.org", "example.net"});
  }

  /** A user of the other domain is known here. */
  private void known(String local) throws Exception {
    fixture.directory.record(
        DirectoryUser.provisional(new AccountName(local, "example.net")), Optional.of(List.of()));
  }

  @Test
  void itIsSaidBeforeAPasswordIsAskedFor() throws Exception {
    known("user02");
    assertEquals(
        List.of(SAID, FirstSignInTest.ASK, FirstSignInTest.PASSWORD),
        fixture.abandoned("user02").subList(0, 3));
    assertEquals(SAID, fixture.abandoned("USER02").getFirst(), "however it is written");
  }

  @Test
  void theFullNameIsNot() throws Exception {
    known("user02");
    assertFalse(fixture.abandoned("user02@example.org").contains(SAID));
  }

  @Test
  void aNameOfOneDomainIsNot() throws Exception {
    known("user01");
    assertFalse(fixture.abandoned("user02").contains(SAID));
    fixture.options.put("domain", new String[] {"example.org"});
    known("user02");
    assertFalse(fixture.abandoned("user02").contains(SAID), "the other one is not configured");
  }

  @Test
  void aProgramThatNamesTheUserWhoRunsItDoesNotSayIt() throws Exception {
    fixture.enrolled();
    known("user02");
    assertEquals(SAID, fixture.abandoned("user02").getFirst());
    fixture.caller = MemoryDirectory.UID;
    LoginFixture.Seen seen = fixture.signIn("user02", "182736");
    assertEquals(PamCode.SUCCESS, seen.code());
    assertFalse(seen.transcript().contains(SAID), "as with sudo");
  }
}
