package himmelblau.hello.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.HelloKind;
import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.explain.Finding;
import himmelblau.api.explain.Finding.Outcome;
import himmelblau.api.explain.OptionUse;
import himmelblau.api.hello.PinOrigin;
import himmelblau.api.hello.PinRefused;
import himmelblau.api.hello.UnlockedKey;
import himmelblau.api.secret.Secret;
import himmelblau.testing.doubles.MemoryMachine;
import himmelblau.testing.doubles.SqliteArea;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PinStepTest {
  private static final AccountName ADA = new AccountName("ada", "example.org");
  private static final UUID ID = UUID.fromString("00000000-0000-0000-0000-00000000000a");
  private static final Secret RIGHT = Secret.ofText("182736");
  private static final Secret WRONG = Secret.ofText("999123");

  @TempDir Path folder;
  private final MemoryMachine machine = new MemoryMachine();
  private HelloSettings settings = new HelloSettings(true, 6, 3, false);
  private HelloKeys keys;
  private PinStep step;

  @BeforeEach
  void begin() throws Exception {
    HelloTable table = new HelloTable(new SqliteArea(folder.resolve("db"), HelloTable.MIGRATIONS));
    keys = new HelloKeys(table, machine, name -> Optional.of(ID), () -> settings, new UserLocks());
    step = new PinStep(table, keys, name -> Optional.of(ID), () -> settings);
  }

  private Finding found() {
    return step.explain(
            new ExplainRequest("ada", Optional.of(ADA), "sshd", false, Optional.empty(), true))
        .orElseThrow();
  }

  private void enrol(HelloKind kind) throws Exception {
    try (UnlockedKey key = keys.enrol(ADA, ID, RIGHT, made -> kind)) {
      assertFalse(key.objectId().toString().isEmpty());
    }
  }

  private void wrong(PinOrigin from) {
    assertThrows(PinRefused.class, () -> keys.unlock(ADA, WRONG, from));
  }

  @Test
  void noPinIsNoObstacle() {
    assertEquals(Outcome.NOTE, found().outcome());
    assertEquals("none is set up; a sign-in with two factors offers one", found().text());
  }

  @Test
  void triesAreShownForEachOrigin() throws Exception {
    enrol(HelloKind.REGISTERED);
    wrong(PinOrigin.OWN);
    for (int i = 0; i < 3; i++) {
      wrong(PinOrigin.REMOTE);
    }
    Finding found = found();
    assertEquals(Outcome.OK, found.outcome());
    assertEquals(List.of(OptionUse.of("hello_pin_retry_count")), found.options());
    assertEquals(
        List.of(
            "tries left at this host: 2 of 3",
            "blocked over the network until a sign-in with two factors",
            "tries left by other local users: 3 of 3",
            "renewal for offline sign-ins: none"),
        found.details());
    assertEquals(found, found(), "asking uses up no try");
  }

  @Test
  void theKindIsShown() throws Exception {
    enrol(HelloKind.REGISTERED);
    assertEquals("set up, registered with the directory", start(found().text()));
    enrol(HelloKind.LOCAL);
    assertEquals("set up, known to this host only", start(found().text()));
  }

  private static String start(String text) {
    return text.substring(0, text.lastIndexOf(','));
  }

  @Test
  void aKeptRenewalIsShownWithoutItsContent() throws Exception {
    try (UnlockedKey key = keys.enrol(ADA, ID, RIGHT, made -> HelloKind.LOCAL);
        Secret renewal = Secret.ofText("very secret")) {
      key.write(UnlockedKey.Item.RENEWAL, renewal);
    }
    assertEquals("renewal for offline sign-ins: kept", found().details().getLast());
    assertFalse(found().toString().contains("very secret"));
  }

  @Test
  void aLostPinIsSaidToBeLost() throws Exception {
    enrol(HelloKind.REGISTERED);
    for (int i = 0; i < 3; i++) {
      wrong(PinOrigin.OWN);
    }
    assertEquals(
        "deleted after too many wrong ones; a full sign-in sets up a new one", found().text());
  }

  @Test
  void theOptionThatSwitchesPinsOffIsNamed() {
    settings = new HelloSettings(false, 6, 3, false);
    assertEquals(List.of(OptionUse.of("enable_hello")), found().options());
    settings = new HelloSettings(true, 6, 0, false);
    assertEquals(List.of(OptionUse.of("hello_pin_retry_count")), found().options());
  }

  @Test
  void nothingIsSaidAboutANameThatMeansNobody() {
    assertEquals(
        Optional.empty(),
        step.explain(
            new ExplainRequest("x", Optional.empty(), "sshd", false, Optional.empty(), false)));
  }
}
