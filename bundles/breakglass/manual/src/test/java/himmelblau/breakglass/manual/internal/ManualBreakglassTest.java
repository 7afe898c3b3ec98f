package himmelblau.breakglass.manual.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.breakglass.BreakglassPolicy;
import himmelblau.api.domain.DomainProvider;
import himmelblau.breakglass.window.BootClock;
import himmelblau.breakglass.window.BreakglassWindow;
import himmelblau.breakglass.window.Ttl;
import himmelblau.breakglass.window.WindowTable;
import himmelblau.contract.breakglass.BreakglassContract;
import himmelblau.testing.doubles.SqliteArea;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
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
  private volatile Duration now = Duration.ofHours(5);
  private String boot = "first";
  private boolean enabled = true;
  private SqliteArea area;
  private ManualBreakglass policy;
  private final List<String> told = new ArrayList<>();
  private final AtomicInteger questions = new AtomicInteger();
  private volatile boolean reachable;

  @BeforeEach
  void begin() {
    area = new SqliteArea(folder.resolve("db"), ManualBreakglass.MIGRATIONS);
    restart();
  }

  private void restart() {
    if (policy != null) {
      policy.deactivate();
    }
    policy = started(Duration.ofMillis(10));
  }

  private ManualBreakglass started(Duration betweenQuestions) {
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
    return new ManualBreakglass(
        config(),
        new BreakglassWindow(new WindowTable(area, ManualBreakglass.AREA), clock),
        betweenQuestions);
  }

  @AfterEach
  void end() {
    policy.deactivate();
  }

  /** A directory that is or is not reachable. */
  private void directory() {
    policy.addDomain(
        (DomainProvider)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {DomainProvider.class},
                (proxy, method, arguments) -> {
                  if (!method.getName().equals("reachable")) {
                    throw new UnsupportedOperationException(method.getName());
                  }
                  questions.incrementAndGet();
                  return reachable;
                }));
  }

  private void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "in time");
      Thread.sleep(5);
    }
  }

  private void awaitQuestions(int more) throws InterruptedException {
    int before = questions.get();
    await(() -> questions.get() >= before + more);
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
  protected boolean hasTrigger() {
    return true;
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
    policy.disconnected();
    assertTrue(policy.active(ADA));
    policy.reconnected();
    assertFalse(policy.active(ADA));
    assertEquals(Optional.empty(), policy.until());
  }

  @Test
  void whoAsksChangesNothing() throws Exception {
    policy.deactivate();
    policy = started(Duration.ofHours(1)); // the watch looks only once
    reachable = true;
    directory();
    run("--ttl", "1h");
    await(() -> questions.get() > 0);
    List<String> before = stored();
    assertEquals(1, before.size());
    assertTrue(policy.active(ADA));
    policy.notices();
    policy.reconnected();
    assertTrue(policy.active(ADA), "a question is no outage");
    assertEquals(before, stored());
    now = now.plus(Duration.ofHours(1));
    assertFalse(policy.active(ADA));
    assertEquals(Optional.empty(), policy.until());
    assertEquals(List.of(), policy.notices());
    assertEquals(before, stored(), "its end is recorded by the watch");
  }

  @Test
  void itsEndIsRecordedAlsoIfNobodyAsks() throws Exception {
    run("--ttl", "1h");
    now = now.plus(Duration.ofHours(1));
    await(() -> stored().isEmpty());
  }

  @Test
  void anErrorDoesNotEndTheWatch() throws Exception {
    policy.addDomain(
        (DomainProvider)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {DomainProvider.class},
                (proxy, method, arguments) -> {
                  if (questions.incrementAndGet() <= 3) {
                    throw new IllegalStateException("broken");
                  }
                  return reachable;
                }));
    run("--ttl", "1h");
    awaitQuestions(5);
    reachable = true;
    await(() -> policy.until().isEmpty());
  }

  @Test
  void itEndsAlsoIfThatCannotBeWritten() throws Exception {
    run("--ttl", "1h");
    area.close();
    assertThrows(RuntimeException.class, () -> run("--ttl", "0"));
    assertFalse(policy.active(ADA));
  }

  @Test
  void whatWasDisabledIsNotActiveWhenItIsEnabledAgain() throws Exception {
    run("--ttl", "1h");
    enabled = false;
    policy.modified(config());
    enabled = true;
    policy.modified(config());
    assertFalse(policy.active(ADA));
    run("--ttl", "1h");
    enabled = false;
    restart();
    enabled = true;
    restart();
    assertFalse(policy.active(ADA));
  }

  /** The row of the window, if there is one. */
  private List<String> stored() {
    return area.read(
        c -> {
          List<String> rows = new ArrayList<>();
          try (PreparedStatement s =
                  c.prepareStatement("SELECT boot, ends, outage FROM breakglass_window");
              ResultSet row = s.executeQuery()) {
            while (row.next()) {
              rows.add(row.getString(1) + " " + row.getLong(2) + " " + row.getBoolean(3));
            }
          }
          return rows;
        });
  }

  @Test
  void anOutageInWhichNobodySignsInEndsIt() throws Exception {
    directory();
    run("--ttl", "1h");
    awaitQuestions(2);
    assertTrue(policy.until().isPresent());
    reachable = true;
    await(() -> policy.until().isEmpty());
    reachable = false;
    awaitNoQuestions();
    assertFalse(policy.active(ADA), "not in the next outage either");
  }

  @Test
  void openedBeforeAnOutageItEndsAfterIt() throws Exception {
    directory();
    reachable = true;
    run("--ttl", "1h");
    awaitQuestions(3);
    assertTrue(policy.until().isPresent(), "it waits for the outage");
    reachable = false;
    awaitQuestions(2);
    reachable = true;
    await(() -> policy.until().isEmpty());
  }

  @Test
  void anOutageThatEndsDuringARestartEndsIt() throws Exception {
    directory();
    run("--ttl", "1h");
    awaitQuestions(2);
    policy.deactivate();
    reachable = true;
    restart();
    assertTrue(policy.until().isPresent());
    directory();
    await(() -> policy.until().isEmpty());
  }

  @Test
  void askingEndsWithTheWindow() throws Exception {
    directory();
    run("--ttl", "1h");
    awaitQuestions(1);
    run("--ttl", "0");
    awaitNoQuestions();
    run("--ttl", "1h");
    awaitQuestions(1);
    policy.deactivate();
    awaitNoQuestions();
  }

  private void awaitNoQuestions() throws InterruptedException {
    Thread.sleep(100);
    int before = questions.get();
    Thread.sleep(200);
    assertEquals(before, questions.get());
  }

  @Test
  void administratorsSeeIt() throws Exception {
    assertEquals(List.of(), policy.notices());
    run("--ttl", "1h");
    assertTrue(policy.notices().getFirst().startsWith("Breakglass is active until 2"));
    run("--ttl", "0");
    assertEquals(List.of(), policy.notices());
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
  void whatWasActivatedDoesNotComeBackWhenItIsInUseAgain() throws Exception {
    run("--ttl", "1h");
    policy.superseded();
    assertFalse(policy.active(ADA));
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
