package himmelblau.metrics.internal.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.http.HttpCall;
import himmelblau.api.log.Correlation;
import himmelblau.api.metrics.Histogram;
import himmelblau.api.metrics.Metric;
import himmelblau.testing.doubles.CapturedLog;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExportTest {
  private final ScriptedHttp http = new ScriptedHttp();
  private final Histogram signIns =
      new Histogram("himmelblau_sign_in_seconds", "Time", "method", "outcome");
  private volatile boolean broken;
  private CapturedLog log;
  private Export export;

  @BeforeEach
  void begin() {
    log = new CapturedLog("himmelblau.metrics");
    export =
        new Export(
            new Collector(http, URI.create("https://collector.example:4318")),
            new Envelope("host1", "0.1.0"),
            this::metrics,
            Instant.now(),
            Clock.systemUTC(),
            Duration.ofMillis(20));
  }

  private List<Metric> metrics() {
    if (broken) {
      throw new IllegalStateException("a source is broken");
    }
    return List.of(Metric.gauge("himmelblau_x", "", "X", 1));
  }

  @AfterEach
  void end() {
    export.close();
    log.close();
  }

  private void signIn(String conversation) throws Exception {
    Correlation.with(
        conversation,
        () -> {
          signIns.record(Duration.ofMillis(5), "pin", "success");
          return "";
        });
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(5);
    }
  }

  private long sent(String conversation) {
    return http.to("/v1/traces").stream().filter(call -> has(call, conversation)).count();
  }

  private static boolean has(HttpCall call, String text) {
    return new String(call.body(), StandardCharsets.UTF_8).contains(text);
  }

  @Test
  void numbersAreSentAgainAndAgainAndASignInOnce() throws Exception {
    signIn("00c1");
    await(() -> sent("00c1") > 0);
    int before = http.to("/v1/metrics").size();
    await(() -> http.to("/v1/metrics").size() > before + 2);
    assertEquals(1, sent("00c1"));
    assertTrue(has(http.to("/v1/metrics").getLast(), "himmelblau_x"));
    assertEquals(List.of(), log.lines());
  }

  @Test
  void aSignInWaitsForACollectorThatIsAway() throws Exception {
    http.unreachable = true;
    signIn("00c1");
    await(() -> http.to("/v1/metrics").size() > 2);
    http.unreachable = false;
    await(() -> sent("00c1") > 0);
    await(() -> log.lines().size() == 2);
    assertTrue(log.lines().getFirst().startsWith("otlp.not_sent reason="), log.lines().toString());
    assertEquals("otlp.sent_again", log.lines().getLast());
  }

  @Test
  void aSignInThatTheCollectorRefusesIsNotSentAgain() throws Exception {
    http.statusOfTraces = 400;
    signIn("00c1");
    await(() -> sent("00c1") > 0);
    int before = http.to("/v1/metrics").size();
    await(() -> http.to("/v1/metrics").size() > before + 2);
    assertEquals(1, sent("00c1"));
    http.statusOfTraces = 0;
    signIn("00c2");
    await(() -> sent("00c2") > 0);
    assertEquals(1, sent("00c1"));
  }

  @Test
  void aSignInThatABusyCollectorDidNotTakeIsSentAgain() throws Exception {
    http.statusOfTraces = 503;
    signIn("00c1");
    await(() -> sent("00c1") > 1);
    http.statusOfTraces = 0;
    int before = (int) sent("00c1");
    await(() -> sent("00c1") > before);
  }

  @Test
  void aSignInWaitsWhileNumbersAreRefused() throws Exception {
    http.status = 400;
    signIn("00c1");
    await(() -> http.to("/v1/metrics").size() > 2);
    assertEquals(0, sent("00c1"));
    http.status = 200;
    await(() -> sent("00c1") > 0);
  }

  @Test
  void aBrokenSourceDoesNotEndIt() throws Exception {
    broken = true;
    await(() -> !log.lines().isEmpty());
    broken = false;
    await(() -> !http.calls.isEmpty());
  }

  @Test
  void closedItHearsAndSendsNothing() throws Exception {
    await(() -> !http.calls.isEmpty());
    export.close();
    Thread.sleep(50); // a request that was under way
    int before = http.calls.size();
    signIn("00c1");
    Thread.sleep(100);
    assertEquals(before, http.calls.size());
  }
}
