package himmelblau.breakglass.dualcontrol.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.UnknownLoginUid;
import himmelblau.api.breakglass.BreakglassPolicy;
import himmelblau.api.domain.DomainProvider;
import himmelblau.breakglass.window.BootClock;
import himmelblau.contract.breakglass.BreakglassContract;
import himmelblau.testing.doubles.SqliteArea;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** Breakglass by two administrators (decision 0745). */
class DualControlTest extends BreakglassContract {
  private static final AccountName ADA = new AccountName("ada", "example.org");
  private static final long FIRST = 1001;
  private static final long SECOND = 1002;
  private static final long THIRD = 1003;
  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

  @TempDir Path folder;
  private volatile Duration now = Duration.ofHours(5);
  private String boot = "first";
  private boolean enabled = true;
  private volatile boolean reachable;
  private SqliteArea area;
  private DualControl policy;
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void begin() {
    area = new SqliteArea(folder.resolve("db"), DualControl.MIGRATIONS);
    policy = started();
  }

  @AfterEach
  void end() {
    policy.close();
  }

  private DualControl started() {
    return new DualControl(config(), area, clock(), Duration.ofMillis(10));
  }

  private BootClock clock() {
    return new BootClock() {
      @Override
      public Duration now() {
        return now;
      }

      @Override
      public String boot() {
        return boot;
      }
    };
  }

  /** The daemon stops and starts again. */
  private void restart() {
    policy.deactivate(context(Bundle.STOPPING, Bundle.STOPPING));
    policy = started();
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            DualControlTest.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static BundleContext context(int daemon, int own) {
    return proxy(
        BundleContext.class,
        (self, method, arguments) -> {
          int state = arguments == null ? own : daemon;
          return proxy(Bundle.class, (bundle, asked, none) -> state);
        });
  }

  private DualControl.Config config() {
    return proxy(
        DualControl.Config.class,
        (self, method, arguments) ->
            switch (method.getName()) {
              case "enabled" -> enabled;
              case "ttl" -> 7200L;
              default -> throw new UnsupportedOperationException(method.getName());
            });
  }

  private int ask(long loginUid, String... arguments) throws Exception {
    told.clear();
    AdminTerminal terminal =
        proxy(
            AdminTerminal.class,
            (self, method, values) -> {
              if (method.getName().equals("loginUid")) {
                if (loginUid < 0) {
                  throw new UnknownLoginUid("It belongs to no sign-in.");
                }
                return loginUid;
              }
              told.add(method.getName() + " " + values[0]);
              return null;
            });
    return policy.run(List.of(arguments), terminal);
  }

  @Override
  protected BreakglassPolicy policy() {
    return policy;
  }

  @Override
  protected void activate() throws Exception {
    ask(FIRST);
    ask(SECOND);
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

  @Test
  void oneAdministratorIsToldWhatIsMissingAndTheSecondActivates() throws Exception {
    assertEquals(1, ask(FIRST));
    assertFalse(policy.active(ADA));
    assertTrue(
        told.getFirst()
            .matches(
                "err Your request \\(login uid 1001\\) is recorded\\. It activates nothing yet\\."
                    + " For it to become active, a second administrator, with another account, must"
                    + " run aad-tool offline-breakglass on this host before 2\\d{3}-.*"),
        told.toString());
    assertEquals(0, ask(SECOND));
    assertTrue(told.getFirst().contains("the login uids 1001 and 1002"), told.toString());
    assertTrue(policy.active(ADA));
    now = now.plusSeconds(7199);
    assertTrue(policy.active(ADA));
    now = now.plusSeconds(1);
    assertFalse(policy.active(ADA));
  }

  @Test
  void theSameAdministratorIsNotTwo() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertEquals(1, ask(FIRST));
      assertFalse(policy.active(ADA));
    }
  }

  @Test
  void aRequestIsValidForLessThanTenMinutes() throws Exception {
    ask(FIRST);
    now = now.plus(TEN_MINUTES).minusMillis(1);
    assertEquals(0, ask(SECOND));
    assertTrue(policy.active(ADA));
  }

  @Test
  void atTenMinutesItIsVoid() throws Exception {
    ask(FIRST);
    now = now.plus(TEN_MINUTES);
    assertEquals(1, ask(SECOND));
    assertFalse(policy.active(ADA));
    assertTrue(told.getFirst().contains("login uid 1002"), "it is the first request now");
    assertEquals(0, ask(FIRST), "which the other administrator may confirm");
    assertTrue(policy.active(ADA));
  }

  @Test
  void askingAgainRenewsOnesOwnRequest() throws Exception {
    ask(FIRST, "--ttl", "1h");
    now = now.plus(TEN_MINUTES).minusSeconds(1);
    ask(FIRST, "--ttl", "20m");
    now = now.plus(TEN_MINUTES).minusSeconds(1);
    assertEquals(0, ask(SECOND, "--ttl", "1h"));
    now = now.plus(Duration.ofMinutes(20));
    assertFalse(policy.active(ADA));
  }

  @Test
  void anyOtherAdministratorMayBeTheSecondAndARequestIsUsedOnce() throws Exception {
    ask(FIRST);
    assertEquals(0, ask(THIRD));
    assertEquals(0, ask(FIRST, "--ttl", "0"));
    assertFalse(policy.active(ADA));
    assertEquals(1, ask(SECOND), "the earlier request was used up");
    assertFalse(policy.active(ADA));
  }

  @Test
  void theShorterOfTheTwoTimesCounts() throws Exception {
    ask(FIRST, "--ttl", "30m");
    ask(SECOND, "--ttl=4h");
    now = now.plus(Duration.ofMinutes(30)).minusMillis(1);
    assertTrue(policy.active(ADA));
    now = now.plusMillis(1);
    assertFalse(policy.active(ADA));
    ask(FIRST, "--ttl", "4h");
    ask(SECOND, "--ttl", "30m");
    now = now.plus(Duration.ofMinutes(30));
    assertFalse(policy.active(ADA));
  }

  @Test
  void oneAloneCannotProlongIt() throws Exception {
    ask(FIRST, "--ttl", "20m");
    ask(SECOND, "--ttl", "20m");
    assertEquals(1, ask(SECOND, "--ttl", "1d"));
    assertTrue(policy.active(ADA), "what two have activated goes on");
    now = now.plus(Duration.ofMinutes(20));
    assertFalse(policy.active(ADA));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, SECOND})
  void oneAloneEndsItWhoeverThatIs(long loginUid) throws Exception {
    activate();
    assertEquals(0, ask(loginUid, "--ttl", "0"));
    assertFalse(policy.active(ADA));
  }

  @Test
  void endingItEndsARequestToo() throws Exception {
    ask(FIRST);
    ask(FIRST, "--ttl", "0");
    assertEquals(1, ask(SECOND));
    assertFalse(policy.active(ADA));
  }

  @Test
  void whoIsNotKnownIsRefusedWithTheReason() throws Exception {
    assertEquals(1, ask(-1));
    assertEquals(
        List.of(
            "err Refused, nothing was recorded: it is not known who you are. It belongs to no"
                + " sign-in."),
        told);
    assertEquals(1, ask(FIRST), "nothing was recorded");
    assertEquals(1, ask(-1));
    assertFalse(policy.active(ADA));
  }

  @Test
  void rootIsNoPerson() throws Exception {
    assertEquals(1, ask(0));
    assertTrue(told.getFirst().contains("You have signed in as root"), told.toString());
    assertEquals(1, ask(FIRST));
    assertEquals(1, ask(0));
    assertFalse(policy.active(ADA));
  }

  @Test
  void aRestartChangesNeitherARequestNorAnEnd() throws Exception {
    ask(FIRST, "--ttl", "1h");
    restart();
    now = now.plus(TEN_MINUTES).minusMillis(1);
    assertEquals(0, ask(SECOND, "--ttl", "1h"));
    restart();
    now = now.plus(Duration.ofHours(1)).minusMillis(1);
    assertTrue(policy.active(ADA));
    restart();
    now = now.plusMillis(1);
    assertFalse(policy.active(ADA));
  }

  @Test
  void aRestartDoesNotMakeOneAdministratorTwo() throws Exception {
    ask(FIRST);
    restart();
    assertEquals(1, ask(FIRST));
    now = now.plus(TEN_MINUTES);
    restart();
    assertEquals(1, ask(SECOND));
    assertFalse(policy.active(ADA));
  }

  @Test
  void aBootEndsBoth() throws Exception {
    activate();
    ask(FIRST);
    boot = "second";
    now = Duration.ofMinutes(1);
    restart();
    assertFalse(policy.active(ADA));
    assertEquals(1, ask(SECOND));
    assertFalse(policy.active(ADA));
  }

  @Test
  void removingTheBundleEndsBoth() throws Exception {
    activate();
    ask(THIRD);
    policy.deactivate(context(Bundle.ACTIVE, Bundle.STOPPING));
    policy = started();
    assertFalse(policy.active(ADA));
    assertEquals(1, ask(SECOND));
    assertFalse(policy.active(ADA));
  }

  @Test
  void aServiceThatIsReplacedBelowItEndsNothing() throws Exception {
    activate();
    policy.deactivate(context(Bundle.ACTIVE, Bundle.ACTIVE));
    policy = started();
    assertTrue(policy.active(ADA));
  }

  @Test
  void anotherPolicyInItsPlaceEndsARequest() throws Exception {
    ask(FIRST);
    policy.superseded();
    assertEquals(1, ask(SECOND));
  }

  @Test
  void theEndOfTheOutageEndsIt() throws Exception {
    CountDownLatch outage = new CountDownLatch(1);
    policy.addDomain(
        proxy(
            DomainProvider.class,
            (self, method, arguments) -> {
              boolean answer = reachable;
              outage.countDown();
              return answer;
            }));
    activate();
    assertTrue(policy.active(ADA));
    assertTrue(outage.await(20, TimeUnit.SECONDS), "opened before an outage, it would wait for it");
    reachable = true;
    await(() -> policy.until().isEmpty());
  }

  @Test
  void administratorsSeeWhatWaitsAndWhatIsActive() throws Exception {
    assertEquals(List.of(), policy.notices());
    ask(FIRST);
    assertEquals(1, policy.notices().size());
    assertTrue(
        policy
            .notices()
            .getFirst()
            .startsWith("The administrator with the login uid 1001 has asked for breakglass. For"));
    ask(SECOND);
    assertEquals(1, policy.notices().size());
    assertTrue(policy.notices().getFirst().startsWith("Breakglass is active until 2"));
    ask(THIRD);
    assertEquals(2, policy.notices().size());
    enabled = false;
    assertEquals(List.of(), policy.notices());
  }

  @Test
  void whoLooksDoesNotEndARequest() throws Exception {
    RequestTable table = new RequestTable(area);
    PendingRequest request = new PendingRequest(table, clock());
    request.ask(FIRST, Duration.ofHours(1));
    now = now.plus(TEN_MINUTES);
    assertEquals(Optional.empty(), request.waiting());
    assertTrue(table.read().isPresent(), "its end is recorded by what waits for it");
    request.expire();
    assertEquals(Optional.empty(), table.read());
  }

  @Test
  void aQuestionIsNoOutage() throws Exception {
    activate();
    assertTrue(policy.active(ADA));
    policy.reconnected();
    assertTrue(policy.active(ADA));
    policy.disconnected();
    policy.reconnected();
    assertFalse(policy.active(ADA));
  }

  @Test
  void whatWasDisabledIsNotThereWhenItIsEnabledAgain() throws Exception {
    activate();
    ask(FIRST);
    enabled = false;
    policy.modified(config());
    enabled = true;
    policy.modified(config());
    assertFalse(policy.active(ADA));
    assertEquals(1, ask(SECOND), "the request has ended too");
    assertFalse(policy.active(ADA));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "in time");
      Thread.sleep(5);
    }
  }

  @Test
  void disabledItRecordsNothing() throws Exception {
    enabled = false;
    assertEquals(1, ask(FIRST));
    assertTrue(told.getFirst().startsWith("err Breakglass is disabled"));
    enabled = true;
    assertEquals(1, ask(SECOND));
    assertFalse(policy.active(ADA));
  }

  @Test
  void wrongUsage() throws Exception {
    assertEquals(2, ask(FIRST, "now"));
    assertEquals(2, ask(FIRST, "--ttl"));
    assertEquals(1, ask(FIRST, "--ttl", "1w"));
    assertTrue(told.getFirst().contains("\"1w\" is not a duration"));
    assertEquals(1, ask(SECOND), "nothing was recorded");
  }
}
