package himmelblau.contract.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.breakglass.BreakglassPolicy;
import himmelblau.contract.breakglass.BreakglassContract;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each demand of the kit fails for a policy that breaks it. */
class BreakglassKitTest {
  private static Wrong wrong = Wrong.NOTHING;

  /** One way in which a policy is wrong, and the test of the kit that must notice. */
  enum Wrong {
    NOTHING(""),
    ALWAYS_ACTIVE("inactiveAdmitsNobody"),
    UNTIL_YESTERDAY("activeAdmitsAndSaysUntilWhen"),
    KEEPS_NOTHING("keepsTheVerifiersThatItNeeds"),
    IGNORES_ITS_SWITCH("whatKeepsNoVerifiersAdmitsNobody"),
    RECONNECT_ACTIVATES("aReconnectActivatesNothing"),
    SURVIVES_ITS_SUCCESSOR("endsWhenAnotherPolicyTakesItsPlace"),
    USED_UP("askingChangesNothing"),
    ONE_AT_A_TIME("answersManyAtOnce"),
    WAITS("answersWithoutWaiting");

    private final String noticedBy;

    Wrong(String noticedBy) {
      this.noticedBy = noticedBy;
    }
  }

  private static final class Policy implements BreakglassPolicy {
    private boolean enabled = true;
    private volatile boolean open;
    private int asked;
    private volatile boolean busy;

    @Override
    public boolean keepVerifiers() {
      return enabled && wrong != Wrong.KEEPS_NOTHING;
    }

    @Override
    public boolean active(AccountName name) {
      if (wrong == Wrong.ALWAYS_ACTIVE) {
        return true;
      }
      if (wrong == Wrong.USED_UP && asked++ > 10) {
        return false;
      }
      if (wrong == Wrong.ONE_AT_A_TIME) {
        boolean alone = !busy;
        busy = true;
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        busy = false;
        return open && alone;
      }
      return open && (enabled || wrong == Wrong.IGNORES_ITS_SWITCH);
    }

    @Override
    public Optional<Instant> until() {
      Instant end = Instant.now().plusSeconds(wrong == Wrong.UNTIL_YESTERDAY ? -86_400 : 3600);
      return open && enabled ? Optional.of(end) : Optional.empty();
    }

    @Override
    public void reconnected() {
      if (wrong == Wrong.WAITS) {
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
      }
      open = wrong == Wrong.RECONNECT_ACTIVATES;
    }

    @Override
    public void superseded() {
      open = open && wrong == Wrong.SURVIVES_ITS_SUCCESSOR;
    }
  }

  /** The kit on a policy in memory. */
  static class OnMemory extends BreakglassContract {
    private final Policy policy = new Policy();

    @Override
    protected BreakglassPolicy policy() {
      return policy;
    }

    @Override
    protected void activate() {
      policy.open = true;
    }

    @Override
    protected boolean hasTrigger() {
      return true;
    }

    @Override
    protected Duration atMost() {
      return Duration.ofSeconds(1);
    }

    @Override
    protected Optional<BreakglassPolicy> disabled() {
      policy.enabled = false;
      policy.open = true;
      return Optional.of(policy);
    }
  }

  private static KitRun run(Wrong next) {
    wrong = next;
    return KitRun.of(OnMemory.class);
  }

  @Test
  void aPolicyThatIsRightPasses() {
    assertEquals(Set.of(), run(Wrong.NOTHING).failed());
  }

  @ParameterizedTest
  @EnumSource(value = Wrong.class, mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
  void whatIsWrongIsNoticed(Wrong each) {
    Set<String> failed = run(each).failed();
    assertTrue(failed.contains(each.noticedBy), each.noticedBy + " passed; failed: " + failed);
  }

  @Test
  void eachDemandHasAPolicyThatBreaksIt() {
    Set<String> noticed =
        Arrays.stream(Wrong.values())
            .filter(each -> each != Wrong.NOTHING)
            .map(each -> each.noticedBy)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(run(Wrong.NOTHING).all(), noticed);
  }
}
