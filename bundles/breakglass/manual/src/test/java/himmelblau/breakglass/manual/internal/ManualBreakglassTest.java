package himmelblau.breakglass.manual.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.breakglass.BreakglassPolicy;
import himmelblau.contract.breakglass.BreakglassContract;
import himmelblau.testing.doubles.SqliteArea;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Breakglass and its durations (host-behaviour 7.6 and 1.3). */
class ManualBreakglassTest extends BreakglassContract {
  private static final AccountName ADA = new AccountName("ada", "example.org");

  @TempDir Path folder;
  private Duration now = Duration.ofHours(5);
  private String boot = "first";
  private boolean enabled = true;
  private SqliteArea area;
  private ManualBreakglass policy;
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void begin() {
    area = new SqliteArea(folder.resolve("db"), WindowTable.MIGRATIONS);
    restart();
  }

  private void restart() {
    BootClock clock =
        new BootClock() {
          @Override
          public Duration now() {
            return now;
          }

          @Override
          public String boot() {
            return boot;
          }
        };
    policy = new ManualBreakglass(config(), new BreakglassWindow(new WindowTable(area), clock));
  }

  @Override
  protected BreakglassPolicy policy() {
    return policy;
  }

  @Override
  protected void activate() throws Exception {
    run("--ttl", "1h");
  }

  @Override
  protected Optional<BreakglassPolicy> disabled() throws Exception {
    activate();
    enabled = false;
    return Optional.of(policy);
  }

  private ManualBreakglass.Config config() {
    return (ManualBreakglass.Config)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ManualBreakglass.Config.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "enabled" -> enabled;
                  case "ttl" -> 7200L;
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private int run(String... arguments) throws Exception {
    AdminTerminal terminal =
        (AdminTerminal)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {AdminTerminal.class},
                (proxy, method, values) -> {
                  told.add(method.getName() + " " + values[0]);
                  return null;
                });
    return policy.run(List.of(arguments), terminal);
  }

  @Test
  void closedUntilOpenedByHandAndForTheConfiguredTime() throws Exception {
    assertTrue(policy.keepVerifiers());
    assertFalse(policy.active(ADA));
    assertEquals(0, run());
    assertEquals(List.of(), told, "nothing on stdout");
    assertTrue(policy.active(ADA));
    now = now.plusSeconds(7199);
    assertTrue(policy.active(ADA));
    now = now.plusSeconds(1);
    assertFalse(policy.active(ADA));
  }

  @Test
  void endsWhenTheCloudAnswersAgain() throws Exception {
    run("--ttl", "1h");
    policy.reconnected();
    assertTrue(policy.until().isPresent(), "opened before the outage: it still waits for it");
    assertTrue(policy.active(ADA));
    policy.reconnected();
    assertFalse(policy.active(ADA));
    assertEquals(Optional.empty(), policy.until());
  }

  @Test
  void survivesARestartButNotABoot() throws Exception {
    run("--ttl=1h");
    policy.active(ADA);
    restart();
    assertTrue(policy.active(ADA));
    boot = "second";
    now = Duration.ofMinutes(1);
    restart();
    assertFalse(policy.active(ADA));
  }

  @Test
  void aSecondActivationReplacesTheFirstAndNothingEndsIt() throws Exception {
    run("--ttl", "1h");
    run("--ttl", "60");
    now = now.plusSeconds(61);
    assertFalse(policy.active(ADA));
    run("--ttl", "1h");
    run("--ttl", "0");
    assertFalse(policy.active(ADA));
  }

  @Test
  void disabledItDoesNothingAndSaysSo() throws Exception {
    run("--ttl", "1h");
    enabled = false;
    assertFalse(policy.keepVerifiers());
    assertFalse(policy.active(ADA));
    assertEquals(0, run("--ttl", "1h"));
    assertTrue(told.getFirst().startsWith("err Breakglass is disabled"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "h", "1w", "1.5h", "-5m", "2 h"})
  void whatIsNoTimeIsRefused(String text) throws Exception {
    assertEquals(Optional.empty(), Ttl.parse(text));
    assertEquals(1, run("--ttl", text));
    assertFalse(policy.active(ADA));
  }

  @ParameterizedTest
  @CsvSource({"90m, 5400", "2h, 7200", "1d, 86400", "0, 0", "45, 45", "2H, 7200", "' 7s ', 7"})
  void times(String text, long seconds) {
    assertEquals(Optional.of(Duration.ofSeconds(seconds)), Ttl.parse(text));
  }

  @Test
  void otherArgumentsAreWrongUsage() throws Exception {
    assertEquals(2, run("now"));
    assertEquals(2, run("--ttl"));
  }

  @Test
  void theKernelTellsTheTime() {
    assertTrue(BootClock.KERNEL.now().isPositive());
    assertEquals(36, BootClock.KERNEL.boot().length());
  }
}
