package himmelblau.sso.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.testing.doubles.RecordingTerminal;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullUnmarked
class SsoCommandsTest {
  @TempDir Path temp;
  private SsoFixture lab;
  private RecordingTerminal terminal = new RecordingTerminal();

  @BeforeEach
  void signIn() {
    lab = new SsoFixture(temp);
    lab.signIn(SsoFixture.BOB);
    lab.signIn(SsoFixture.ADA);
    lab.start("boot-1");
  }

  @Test
  void theListHasNamesAndTimesAndNoSecret() throws Exception {
    assertEquals(0, new SsoList(lab.service).run(List.of(), terminal));
    assertEquals(
        List.of(
            "ada@example.org  signed in 2027-01-15T08:00:00Z  renewed 2027-01-15T08:00:00Z",
            "bob@example.org  signed in 2027-01-15T08:00:00Z  renewed 2027-01-15T08:00:00Z"),
        terminal.lines);
    assertEquals(2, new SsoList(lab.service).run(List.of("x"), terminal));
  }

  private int forget(String... arguments) throws Exception {
    return new SsoForget(lab.service, lab.directory()).run(List.of(arguments), terminal);
  }

  @Test
  void oneUserIsForgotten() throws Exception {
    assertEquals(0, forget("--name", "ada"));
    assertFalse(lab.token(SsoFixture.ADA, "").has("accessToken"));
    assertTrue(lab.token(SsoFixture.BOB, "").has("accessToken"));
    assertEquals(1, forget("--name", "ada"));
    assertEquals(2, forget());
    assertEquals(2, forget("--all", "yes"));
    lab.service.forgetAll();
    terminal = new RecordingTerminal();
    new SsoList(lab.service).run(List.of(), terminal);
    assertEquals(List.of("No user has single sign-on on this host."), terminal.lines);
  }

  private int forgetAs(long uid, String... arguments) throws Exception {
    terminal = new RecordingTerminal(uid, "");
    return new SsoForget(lab.service, lab.directory()).run(List.of(arguments), terminal);
  }

  @Test
  void usersEndTheirOwnAndNobodyElses() throws Exception {
    long ada = SsoFixture.ADA.passwd().uid();
    assertEquals(1, forgetAs(ada, "--name", "bob"));
    assertEquals(
        List.of("! To end it for another user, run this command as root."), terminal.lines);
    assertEquals(1, forgetAs(ada, "--name", "nobody"));
    assertEquals(1, forgetAs(1000), "a local user");
    assertEquals(1, forgetAs(1000, "--name", "ada"));
    assertTrue(lab.token(SsoFixture.ADA, "").has("accessToken"));
    assertTrue(lab.token(SsoFixture.BOB, "").has("accessToken"));
    assertEquals(0, forgetAs(ada));
    assertFalse(lab.token(SsoFixture.ADA, "").has("accessToken"));
    assertTrue(lab.token(SsoFixture.BOB, "").has("accessToken"));
    assertEquals(1, forgetAs(ada));
    assertEquals(0, forgetAs(SsoFixture.BOB.passwd().uid(), "--name", "bob"));
    assertFalse(lab.token(SsoFixture.BOB, "").has("accessToken"));
  }
}
