package himmelblau.domain.entra.internal.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.domain.AccountStatus;
import himmelblau.domain.entra.internal.wire.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphEntriesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"accountEnabled\":true} | ENABLED",
        "{\"accountEnabled\":false} | DISABLED",
        "{} | NOT_SAID",
        "{\"accountEnabled\":null} | NOT_SAID",
        "{\"accountEnabled\":\"false\"} | NOT_SAID",
        "{\"accountEnabled\":0} | NOT_SAID",
        "{\"AccountEnabled\":false} | NOT_SAID",
      })
  void onlyABooleanSaysWhetherAnAccountIsEnabled(String entry, AccountStatus status)
      throws Exception {
    assertEquals(status, GraphEntries.status(Json.parse(entry, "the reply")));
  }
}
