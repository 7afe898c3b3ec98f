package himmelblau.contract.breakglass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.breakglass.BreakglassPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What holds for every breakglass policy. Extend it and run that one class. */
public abstract class BreakglassContract {
  /** The account that is asked about. */
  protected static final AccountName USER = new AccountName("ada", "example.org");

  /** A new policy that is enabled and not active. */
  protected abstract BreakglassPolicy policy() throws Exception;

  /** Does what makes the policy that {@link #policy} gave last active for {@link #USER}. */
  protected abstract void activate() throws Exception;

  /** The policy switched off by its options, and then activated; empty where it has no switch. */
  protected Optional<BreakglassPolicy> disabled() throws Exception {
    return Optional.empty();
  }

  /**
   * Whether the policy is registered with {@link BreakglassPolicy#TRIGGER}, so that another one can
   * take its place.
   */
  protected boolean hasTrigger() {
    return false;
  }

  /** How long all questions together may take once. */
  protected Duration atMost() {
    return Duration.ofSeconds(5);
  }

  @Test
  void inactiveAdmitsNobody() throws Exception {
    BreakglassPolicy policy = policy();
    assertFalse(policy.active(USER));
    assertEquals(Optional.empty(), policy.until());
  }

  @Test
  void activeAdmitsAndSaysUntilWhen() throws Exception {
    BreakglassPolicy policy = policy();
    activate();
    assertTrue(policy.active(USER));
    policy.until().ifPresent(end -> assertTrue(end.isAfter(Instant.now()), end + " is over"));
  }

  @Test
  void keepsTheVerifiersThatItNeeds() throws Exception {
    assertTrue(policy().keepVerifiers(), "without verifiers nobody can be admitted later");
  }

  @Test
  void whatKeepsNoVerifiersAdmitsNobody() throws Exception {
    Optional<BreakglassPolicy> disabled = disabled();
    if (disabled.isPresent()) {
      assertFalse(disabled.get().keepVerifiers());
      assertFalse(disabled.get().active(USER));
      assertEquals(Optional.empty(), disabled.get().until());
    }
  }

  @Test
  void aReconnectActivatesNothing() throws Exception {
    BreakglassPolicy policy = policy();
    policy.reconnected();
    policy.disconnected();
    assertFalse(policy.active(USER), "an outage is not enough");
    policy.reconnected();
    assertFalse(policy.active(USER));
  }

  @Test
  void endsWhenAnotherPolicyTakesItsPlace() throws Exception {
    BreakglassPolicy policy = policy();
    policy.superseded();
    assertFalse(policy.active(USER));
    activate();
    policy.superseded();
    if (hasTrigger()) {
      assertFalse(policy.active(USER));
      assertEquals(Optional.empty(), policy.until());
    }
  }

  @Test
  void askingChangesNothing() throws Exception {
    BreakglassPolicy policy = policy();
    activate();
    for (int i = 0; i < 12; i++) {
      assertTrue(policy.active(USER), "asked " + i + " times");
    }
  }

  @Test
  void answersManyAtOnce() throws Exception {
    BreakglassPolicy policy = policy();
    activate();
    Callable<Boolean> question =
        () -> {
          policy.keepVerifiers();
          policy.until();
          return policy.active(USER);
        };
    Set<Boolean> answers = new HashSet<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      List<Future<Boolean>> asked = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        asked.add(threads.submit(question));
      }
      for (Future<Boolean> each : asked) {
        answers.add(each.get());
      }
    }
    assertEquals(Set.of(true), answers);
  }

  @Test
  void answersWithoutWaiting() throws Exception {
    BreakglassPolicy policy = policy();
    assertTimeoutPreemptively(
        atMost(),
        () -> {
          policy.keepVerifiers();
          policy.active(USER);
          policy.disconnected();
          policy.until();
          policy.reconnected();
        });
  }
}
