package himmelblau.domain.entra.internal.signin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.domain.entra.internal.wire.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PollPaceTest {
  private static final String OWN =
      ",\"oPerAuthPollingInterval\":{\"PhoneAppNotification\":1.0},\"iPollingTimeout\":120000";

  /** What a page says, in milliseconds; what comes of it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // The page of the real service: ten attempts last as long as they would at their own pace.
        "\"iMaxPollAttempts\":10,\"iPollingInterval\":5000,own | 5000 | 55000 | 11",
        "\"iMaxPollAttempts\":10,\"iPollingInterval\":5000 | 5000 | 55000 | 11",
        "\"iMaxPollAttempts\":60,\"iPollingInterval\":1000,own | 1000 | 61000 | 61",
        "\"iMaxPollAttempts\":2,\"iPollingInterval\":1000,own | 1000 | 3000 | 3",
        // Many attempts: the method's own pace, up to the time limit.
        "\"iMaxPollAttempts\":100,\"iPollingInterval\":5000,own | 1188 | 120000 | 101",
        "\"x\":0,own | 1000 | 120000 | 181",
        "\"x\":0 | 5000 | 900000 | 181",
        // Nonsense is bounded.
        "\"iMaxPollAttempts\":0,\"iPollingInterval\":0 | 1000 | 1000 | 1",
        "\"iMaxPollAttempts\":99999999,\"iPollingInterval\":1 | 500 | 500500 | 1001",
        "\"iMaxPollAttempts\":-4,\"iPollingInterval\":\"soon\" | 5000 | 5000 | 1",
        "\"iMaxPollAttempts\":3,\"iPollingInterval\":99999999 | 30000 | 120000 | 4",
      })
  void pages(String page, long interval, long deadline, int polls) throws Exception {
    Json json = Json.parse("{" + page.replace(",own", OWN) + "}", "page");
    PollPace pace = PollPace.of(json, "PhoneAppNotification");
    assertEquals(interval, pace.interval().toMillis());
    assertEquals(deadline, pace.deadline().toMillis());
    assertEquals(polls, pace.polls());
  }
}
