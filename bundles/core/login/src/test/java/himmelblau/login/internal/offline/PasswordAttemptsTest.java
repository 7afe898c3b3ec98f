package himmelblau.login.internal.offline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import himmelblau.api.login.PamCode;
import himmelblau.api.login.SignInRequest.Flag;
import himmelblau.login.internal.LoginFixture;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attempts on a cached password are slow, sequential and limited. */
class PasswordAttemptsTest {
  @TempDir Path folder;
  private LoginFixture fixture;

  @BeforeEach
  void build() throws Exception {
    fixture = new LoginFixture(folder);
    fixture.domain.joined = true;
    fixture.domain.methods = List.of();
    fixture.console();
    assertEquals(PamCode.SUCCESS, fixture.signIn("user01", "Passw0rd!").code());
    fixture.domain.reachable = false;
  }

  private static List<String> waits(List<String> transcript) {
    return transcript.stream().filter(line -> line.startsWith("~")).toList();
  }

  private static String[] wrong(int times) {
    return IntStream.range(0, times).mapToObj(i -> "Passw0rd" + i).toArray(String[]::new);
  }

  /** As if everybody's password had been guessed that often: each guess takes its time. */
  private void counted(int wrong) throws SQLException {
    try (Connection c = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("login"));
        Statement s = c.createStatement()) {
      s.executeUpdate(
          "INSERT OR REPLACE INTO login_guess SELECT object_id, " + wrong + " FROM login_verifier");
    }
  }

  @Test
  void eachCostsMore() throws Exception {
    assertEquals(
        List.of("~ PT3S", "~ PT2S", "~ PT6S", "~ PT2S", "~ PT9S", "~ PT2S"),
        waits(fixture.refused("user01", wrong(3))));
    counted(PasswordAttempts.LIMIT - 1);
    fixture.start();
    List<String> most = waits(fixture.signIn("user01", "Passw0rd!").transcript());
    assertEquals(List.of("~ PT30S"), most, "but never longer than a PAM call lasts");
  }

  @Test
  void theRightOneEndsTheCount() throws Exception {
    fixture.refused("user01", wrong(3));
    assertEquals(
        List.of(), waits(fixture.signIn("user01", "Passw0rd!").transcript()), "all waited");
    assertEquals("~ PT3S", waits(fixture.abandoned("user01", wrong(1))).getFirst());
  }

  @Test
  void aRestartIsNoWayRoundTheWait() throws Exception {
    fixture.abandoned("user01", wrong(2));
    fixture.start();
    assertEquals(List.of("~ PT6S"), waits(fixture.signIn("user01", "Passw0rd!").transcript()));
  }

  @Test
  void aDelayCutShortIsDueForTheNextAttempt() throws Exception {
    fixture.duringPauses =
        () -> {
          throw new IllegalStateException("killed");
        };
    try {
      fixture.signIn("user01", "Passw0rd");
    } catch (IllegalStateException e) {
      assertEquals("killed", e.getMessage());
    }
    fixture.duringPauses = () -> {};
    assertEquals(List.of("~ PT3S"), waits(fixture.signIn("user01", "Passw0rd!").transcript()));
  }

  @Test
  void noAttemptIsMadeDuringADelay() throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    AtomicBoolean besides = new AtomicBoolean();
    List<CompletableFuture<PamCode>> other = new ArrayList<>();
    Thread first = Thread.currentThread();
    fixture.duringPauses =
        () -> {
          if (Thread.currentThread() != first) {
            waiting.countDown();
            nap();
          } else if (other.isEmpty()) {
            other.add(CompletableFuture.supplyAsync(this::right));
            besides.set(!await(waiting) || endsSoon(other.getFirst()));
          }
        };
    fixture.abandoned("user01", wrong(1));
    assertEquals(PamCode.SUCCESS, other.getFirst().get(10, TimeUnit.SECONDS), "then it may");
    assertFalse(besides.get(), "tried while the other one's wait was on");
  }

  private PamCode right() {
    try {
      return fixture.signIn("user01", "Passw0rd!").code();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean endsSoon(CompletableFuture<PamCode> call) {
    try {
      call.get(700, TimeUnit.MILLISECONDS); // a guess takes a tenth of it
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void nap() {
    try {
      Thread.sleep(5);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theyComeToAnEndButNeitherOnlineNorForThePin() throws Exception {
    LoginFixture.ScriptedBreakglass breakglass = new LoginFixture.ScriptedBreakglass();
    breakglass.active = true;
    fixture.policies.add(breakglass);
    fixture.domain.reachable = true;
    fixture.domain.methods = List.of("PhoneAppNotification");
    fixture.service = "sshd";
    fixture.flags = Set.of(Flag.MFA_POLL_PROMPT);
    fixture.enrolled();
    fixture.console();
    fixture.domain.reachable = false;
    fixture.flag(Flag.NO_HELLO_PIN);
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "Passw0rd!").code());
    counted(PasswordAttempts.LIMIT - 2);
    assertEquals(PamCode.ABORT, fixture.signIn("user02", wrong(2)).code());
    fixture.start();
    assertEquals(PamCode.ABORT, fixture.signIn("user02", "Passw0rd!").code());
    fixture.flags = Set.of();
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code());
    fixture.domain.reachable = true;
    fixture.flag(Flag.NO_HELLO_PIN);
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "Passw0rd!", "").code());
    fixture.domain.reachable = false;
    assertEquals(List.of(), waits(fixture.signIn("user02", "Passw0rd!").transcript()), "anew");
  }
}
