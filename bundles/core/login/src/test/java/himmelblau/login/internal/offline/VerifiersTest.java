package himmelblau.login.internal.offline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.breakglass.BreakglassPolicy;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.secret.Secret;
import himmelblau.login.internal.LoginFixture;
import himmelblau.testing.doubles.MemoryMachine;
import himmelblau.testing.doubles.MemoryVault;
import himmelblau.testing.doubles.SqliteArea;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A verifier is for one user on one machine, wherever its row is copied. */
class VerifiersTest {
  private static final UUID USER = new UUID(1, 2);
  private static final Secret PASSWORD = Secret.ofText("Passw0rd!");

  @TempDir Path folder;
  private VerifierTable table;
  private Verifiers verifiers;

  @BeforeEach
  void build() {
    table = new VerifierTable(new SqliteArea(folder.resolve("login"), VerifierTable.MIGRATIONS));
    verifiers = new Verifiers(table, new MemoryMachine(), new MemoryVault());
    verifiers.signedIn(USER, Optional.of(PASSWORD), false, false);
  }

  private static VerifierTable.Row of(UUID user, VerifierTable.Row row) {
    return new VerifierTable.Row(user, row.multiFactor(), row.recipe(), row.mac());
  }

  @Test
  void itsPasswordOpensIt() throws Exception {
    assertTrue(verifiers.matches(USER, PASSWORD));
    assertFalse(verifiers.matches(USER, Secret.ofText("Passw0rd")));
  }

  /** OWASP's first choice; tests of others make cheaper ones. */
  @Test
  void itCostsWhatAGuessShallCost() {
    Argon2.Recipe recipe = Argon2.Recipe.decoded(table.find(USER).orElseThrow().recipe());
    assertEquals(19 * 1024, recipe.kibibytes());
    assertEquals(2, recipe.passes());
  }

  @Test
  void aPasswordThatTheDirectoryRefusesIsForgotten() throws Exception {
    verifiers.refused(USER, Secret.ofText("Passw0rd"));
    assertTrue(verifiers.matches(USER, PASSWORD), "a mistyped one says nothing about the kept one");
    verifiers.refused(USER, PASSWORD);
    assertFalse(verifiers.matches(USER, PASSWORD));
    assertEquals(Verifiers.Standing.NONE, verifiers.standing(USER));
  }

  @Test
  void withoutAPolicyThatKeepsThemThoseOfMultiFactorUsersEnd() throws Exception {
    UUID second = new UUID(5, 6);
    verifiers.signedIn(second, Optional.of(PASSWORD), true, true);
    List<BreakglassPolicy> policies =
        new CopyOnWriteArrayList<>(List.of(policy(false), policy(true)));
    try (VerifierRetention retention =
        new VerifierRetention(verifiers, () -> policies, Duration.ofMillis(200))) {
      retention.changed();
      Thread.sleep(400);
      assertEquals(Verifiers.Standing.MULTI_FACTOR, verifiers.standing(second), "one keeps them");
      BreakglassPolicy keeps = policies.remove(1);
      retention.changed(); // as in an update of its bundle
      policies.add(keeps);
      retention.changed();
      Thread.sleep(400);
      assertEquals(Verifiers.Standing.MULTI_FACTOR, verifiers.standing(second));
      policies.remove(1);
      retention.changed();
      long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (verifiers.standing(second) != Verifiers.Standing.NONE) {
        assertTrue(System.nanoTime() < end);
        Thread.sleep(10);
      }
    }
    assertTrue(verifiers.matches(USER, PASSWORD), "where the password is enough it still is");
    verifiers.signedIn(second, Optional.of(PASSWORD), false, true);
    assertEquals(Verifiers.Standing.MULTI_FACTOR, verifiers.standing(second), "still two factors");
  }

  /** A part that sign-ins need is replaced: their component ends, and is there again. */
  @Test
  void whoEndsDeletesNothingWhenThePoliciesAreTakenAway() throws Exception {
    UUID second = new UUID(5, 6);
    verifiers.signedIn(second, Optional.of(PASSWORD), true, true);
    List<BreakglassPolicy> policies = new CopyOnWriteArrayList<>(List.of(policy(true)));
    VerifierRetention retention =
        new VerifierRetention(verifiers, () -> policies, Duration.ofMillis(20));
    retention.close();
    policies.clear();
    retention.changed();
    Thread.sleep(400); // what must not happen cannot be awaited
    assertEquals(Verifiers.Standing.MULTI_FACTOR, verifiers.standing(second));
  }

  private static BreakglassPolicy policy(boolean keeps) {
    LoginFixture.ScriptedBreakglass policy = new LoginFixture.ScriptedBreakglass();
    policy.keep = keeps;
    return policy;
  }

  @Test
  void copiedToAnotherUserItOpensNothing() throws Exception {
    VerifierTable.Row row = table.find(USER).orElseThrow();
    for (UUID other : List.of(new UUID(1, 3), new UUID(3, 2), new UUID(2, 1))) {
      table.keep(of(other, row));
      assertFalse(verifiers.matches(other, PASSWORD), other.toString());
    }
    assertTrue(verifiers.matches(USER, PASSWORD));
  }

  @Test
  void copiedToAnotherMachineItOpensNothing() throws Exception {
    MemoryMachine other = new MemoryMachine();
    other.create(KeySpec.HMAC_SHA256, null); // so that the next key is another than here
    Verifiers elsewhere = new Verifiers(table, other, new MemoryVault());
    assertFalse(elsewhere.matches(USER, PASSWORD));
  }
}
