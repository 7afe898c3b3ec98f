package himmelblau.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.http.HttpReply;
import java.util.List;
import java.util.Map;
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
}
