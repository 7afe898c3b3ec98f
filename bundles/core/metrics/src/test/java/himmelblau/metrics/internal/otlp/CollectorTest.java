package himmelblau.metrics.internal.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import himmelblau.api.http.HttpCall;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CollectorTest {
  private final ScriptedHttp http = new ScriptedHttp();
  private final Collector collector =
      new Collector(http, URI.create("https://collector.example:4318/in/"));

  private Collector.Result send() {
    return collector.send("/v1/metrics", new JsonObject());
  }

  @Test
  void theRequestIsNoneToTheDirectory() {
    assertEquals(Collector.Result.ACCEPTED, send());
    HttpCall call = http.calls.getFirst();
    assertEquals("https://collector.example:4318/in/v1/metrics", call.uri().toString());
    assertEquals("POST", call.method());
    assertTrue(call.headers().contains(Map.entry("Content-Type", "application/json")));
    assertTrue(call.monitoring());
  }

  @ParameterizedTest
  @CsvSource({
    "400,false",
    "404,false",
    "500,false",
    "429,true",
    "502,true",
    "503,true",
    "504,true"
  })
  void onlyWhatMayBeAcceptedLaterIsSentAgain(int status, boolean again) {
    http.status = status;
    Collector.Result result = send();
    assertEquals(again, result.again());
    assertEquals(Optional.of("The collector says " + status), result.problem());
  }

  @Test
  void aCollectorThatIsAwayIsTriedAgain() {
    http.unreachable = true;
    Collector.Result result = send();
    assertTrue(result.again());
    assertEquals(Optional.of("collector.example: connection refused"), result.problem());
  }

  @Test
  void whatWasRefusedInPartIsReportedAndNotSentAgain() {
    http.body = "{\"partialSuccess\":{\"rejectedDataPoints\":\"3\",\"errorMessage\":\"too old\"}}";
    Collector.Result result = send();
    assertFalse(result.again());
    assertEquals(Optional.of("Refused in part: too old"), result.problem());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no json",
        "[]",
        "{\"partialSuccess\":{}}",
        "{\"partialSuccess\":{\"errorMessage\":\"\"}}",
        "{\"partialSuccess\":{\"errorMessage\":{}}}"
      })
  void otherRepliesMeanThatItWasAccepted(String body) {
    http.body = body;
    assertEquals(Collector.Result.ACCEPTED, send());
  }
}
