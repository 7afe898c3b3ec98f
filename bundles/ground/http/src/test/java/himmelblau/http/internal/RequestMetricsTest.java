package himmelblau.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import himmelblau.api.metrics.Metric;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestMetricsTest {
  @ParameterizedTest
  @CsvSource({
    "200,,success",
    "302,,success",
    "400,,refused",
    "404,5,refused",
    "429,,throttled",
    "429,5,throttled",
    "500,5,failed",
    "503,,failed",
    "503,5,throttled"
  })
  void repliesHaveOneOfFourOutcomes(int status, String retryAfter, String outcome) {
    Map<String, List<String>> headers =
        retryAfter == null ? Map.of() : Map.of("retry-after", List.of(retryAfter));
    assertEquals(outcome, RequestMetrics.outcome(new HttpReply(status, headers, new byte[0])));
  }

  @Test
  void onlyRequestsToTheDirectoryAreCounted() {
    HttpComponent http = new HttpComponent(new Settings());
    try {
      HttpCall call = HttpCall.get(URI.create("https://127.0.0.1:1/"));
      assertThrows(IOException.class, () -> http.send(call.toMonitoring()));
      assertEquals(0, unreachable(http));
      assertThrows(IOException.class, () -> http.send(call));
      assertEquals(1, unreachable(http));
    } finally {
      http.stop();
    }
  }

  private static double unreachable(HttpComponent http) {
    return http.metrics().getFirst().samples().stream()
        .filter(sample -> sample.labels().containsValue("unreachable"))
        .mapToDouble(sample -> ((Metric.Value) sample).value())
        .sum();
  }

  private static final class Settings implements HttpComponent.Config {
    @Override
    public Class<? extends Annotation> annotationType() {
      return HttpComponent.Config.class;
    }

    @Override
    public long request_timeout() {
      return 10;
    }

    @Override
    public String ip_version() {
      return "both";
    }
  }
}
