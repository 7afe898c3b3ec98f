package himmelblau.api.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskRequestTest {
  private static TaskRequest of(Map<String, byte[]> values) {
    return new TaskRequest("test", values, Duration.ofSeconds(1));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void readsWhatIsSpelledRight() {
    TaskRequest request =
        of(
            Map.of(
                "uid", utf8("4294967295"),
                "name", utf8("jürgen"),
                "skel", utf8("1"),
                "alias.0", utf8("a"),
                "alias.1", utf8("b"),
                "alias.3", utf8("behind a gap")));
    assertEquals(4294967295L, request.number("uid"));
    assertEquals("jürgen", request.required("name"));
    assertTrue(request.flag("skel"));
    assertFalse(request.flag("selinux"));
    assertEquals(List.of("a", "b"), request.texts("alias"));
    assertTrue(request.text("absent").isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-1", "+1", "01", "1 ", "0x1", "4294967296", "18446744073709551616", "١"})
  void refusesNumbers(String text) {
    assertThrows(IllegalArgumentException.class, () -> of(Map.of("n", utf8(text))).number("n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\0", "\u007f", "\u0085", "\t"})
  void refusesTexts(String text) {
    assertThrows(IllegalArgumentException.class, () -> of(Map.of("t", utf8(text))).text("t"));
  }

  @Test
  void refusesOtherEncodingsAndWhatIsMissing() {
    assertThrows(
        IllegalArgumentException.class,
        () -> of(Map.of("t", new byte[] {(byte) 0xc3, 0x28})).text("t"));
    assertThrows(IllegalArgumentException.class, () -> of(Map.of()).required("t"));
    assertThrows(IllegalArgumentException.class, () -> of(Map.of()).number("t"));
  }
}
