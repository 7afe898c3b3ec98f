package himmelblau.domain.entra.internal.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.http.HttpReply;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static HttpReply reply(Map<String, String> headers) {
    Map<String, List<String>> all = new HashMap<>();
    headers.forEach((name, value) -> all.put(name, List.of(value)));
    return new HttpReply(429, all, new byte[0]);
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1,1000", "120,120000", "2.128,2128", "0.0001,1", "' 7 ',7000"})
  void secondsAreRead(String header, long milliseconds) {
    assertEquals(
        Optional.of(Duration.ofMillis(milliseconds)),
        RetryAfter.of(reply(Map.of("retry-after", header))));
  }

  @Test
  void aDateCountsFromTheClockOfTheServer() {
    assertEquals(
        Optional.of(Duration.ofSeconds(90)),
        RetryAfter.of(
            reply(
                Map.of(
                    "retry-after", "Fri, 31 Dec 1999 23:59:59 GMT",
                    "date", "Fri, 31 Dec 1999 23:58:29 GMT"))));
  }

  @Test
  void aDateThatIsOverMeansNow() {
    assertEquals(
        Optional.of(Duration.ZERO),
        RetryAfter.of(reply(Map.of("retry-after", "Fri, 31 Dec 1999 23:59:59 GMT"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "soon", "1e9", "99999999", "1.", "١", "Fri, 31 Dec 1999"})
  void whatIsNoneOfTheseSaysNothing(String header) {
    assertTrue(RetryAfter.of(reply(Map.of("retry-after", header))).isEmpty());
  }
}
