package himmelblau.login.internal.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.account.AccountName;
import himmelblau.api.breakglass.BreakglassPolicy;
import himmelblau.api.plugin.PluginRank;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which breakglass policies are asked. */
class BreakglassPoliciesTest {
  private static final List<String> COMMAND = List.of("offline-breakglass");

  private final BreakglassPolicies policies = new BreakglassPolicies();
  private final Policy manual = new Policy();
  private final Policy dual = new Policy();
  private final Policy weekday = new Policy();

  private static final class Policy implements BreakglassPolicy {
    int superseded;

    @Override
    public boolean keepVerifiers() {
      return true;
    }

    @Override
    public boolean active(AccountName name) {
      return true;
    }

    @Override
    public Optional<Instant> until() {
      return Optional.empty();
    }

    @Override
    public void reconnected() {}

    @Override
    public void superseded() {
      superseded++;
    }
  }

  @Test
  void ofOneTriggerTheHighestRankingIsInUseAndTheOtherIsTold() {
    policies.add(manual, COMMAND, new PluginRank(0, 1));
    assertEquals(List.of(manual), policies.inUse());
    policies.add(dual, COMMAND, new PluginRank(100, 2));
    assertEquals(List.of(dual), policies.inUse());
    assertEquals(1, manual.superseded);
    policies.remove(dual);
    assertEquals(List.of(manual), policies.inUse());
    assertEquals(0, dual.superseded);
    assertEquals(1, manual.superseded);
  }

  @Test
  void whatComesLaterAndIsNotInUseIsToldToo() {
    policies.add(dual, COMMAND, new PluginRank(100, 1));
    policies.add(manual, COMMAND, new PluginRank(0, 2));
    assertEquals(List.of(dual), policies.inUse());
    assertEquals(1, manual.superseded);
  }

  @Test
  void ofEqualRankingsTheFirstStays() {
    policies.add(manual, COMMAND, new PluginRank(0, 1));
    policies.add(dual, COMMAND, new PluginRank(0, 2));
    assertEquals(List.of(manual), policies.inUse());
    assertEquals(1, dual.superseded);
  }

  @Test
  void thoseWithoutATriggerAreAlwaysAsked() {
    policies.add(weekday, List.of(), new PluginRank(0, 3));
    policies.add(manual, COMMAND, new PluginRank(0, 1));
    policies.add(dual, COMMAND, new PluginRank(100, 2));
    assertEquals(List.of(dual, weekday), policies.inUse());
    assertEquals(0, weekday.superseded);
  }
}
