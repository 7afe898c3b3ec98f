package himmelblau.audit.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  private static final String HEAD = "2026-01-31T10:00:00.5Z warn himmelblau.login ";

  private static LogEvent read(String rest) {
    return LineReader.read(HEAD + rest).orElseThrow();
  }

  @Test
  void aLineIsItsFields() {
    LogEvent event =
        read("login.refused conversation=c1 user=\"a \\\"b\\\" c\\\\\" none=\"\" uid=7 x-y=z");
    assertEquals(Instant.parse("2026-01-31T10:00:00.5Z"), event.time());
    assertEquals(
        List.of("warn", "himmelblau.login", "login.refused"),
        List.of(event.level(), event.source(), event.name()));
    assertEquals(
        Map.of("conversation", "c1", "user", "a \"b\" c\\", "none", "", "uid", "7", "x-y", "z"),
        event.fields());
    assertEquals(Optional.empty(), event.field("none"));
  }

  @Test
  void noValueMakesAFieldOfItsOwn() {
    LogEvent event = read("e.x user=\"a\\\" audit=sign_in/success b=\\u000a\" audit=key/failed");
    assertEquals(
        Map.of("user", "a\" audit=sign_in/success b=\\u000a", "audit", "key/failed"),
        event.fields());
    assertEquals(Map.of("a", "1"), read("e.x a=1 a=2").fields(), "the first one counts");
  }

  @Test
  void whatIsNotOfTheFormHasNoFieldsFromThereOn() {
    assertEquals(Map.of(), read("e.x words audit=sign_in/success").fields());
    assertEquals(Map.of("a", "1"), read("e.x a=1 \"b\" audit=sign_in/success").fields());
    assertEquals(Map.of("a", "1"), read("e.x a=1 b=\"open audit=sign_in/success").fields());
    for (String line :
        List.of("", HEAD, HEAD + "Words x=1", "today warn himmelblau.login e.x", "x " + HEAD)) {
      assertTrue(LineReader.read(line).isEmpty(), line);
    }
  }

  @Test
  void aLongHostileValueTakesNoLongTime() {
    String value = "\\\"".repeat(2000) + "=".repeat(4000);
    assertEquals(Map.of(), read("e.x a=\"" + value).fields());
  }
}
