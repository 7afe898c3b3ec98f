package himmelblau.domain.entra.internal.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The largest reply, filled with input that is slow for a naive reader. Each takes far less than a
 * second; with quadratic time it would be minutes.
 */
class HostilePageTest {
  private static final int LARGEST = 4 << 20;
  private static final Duration GENEROUS = Duration.ofSeconds(10);
  private static final URI BASE = URI.create("https://login.microsoftonline.com/t/login");

  private static String filled(String with) {
    return with.repeat(LARGEST / with.length());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<input ",
        "<form",
        "<",
        "<script",
        "<script>",
        "<script>$Config",
        "</script",
        "$Config=",
        "<input name=\"",
        "<input name='\" ",
        "&#1",
        "document.location.replace(\"",
        "\u0130<script></script>"
      })
  void ofOnePieceOverAndOver(String piece) {
    assertTimeoutPreemptively(
        GENEROUS,
        () -> {
          assertEquals(Optional.empty(), HiddenForm.find(filled(piece)));
          PageReader.read(filled(piece), BASE);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", " ", "a ", "a=", "a=\"", "a='", "a=\"'", "-", "a=b", "a = &"})
  void ofLargeTags(String piece) {
    String tag = "<input " + piece.repeat(32000 / piece.length()) + ">";
    assertTimeoutPreemptively(
        GENEROUS, () -> assertEquals(Optional.empty(), HiddenForm.find(filled(tag))));
  }

  @Test
  void aTagThatIsTooLongHidesNoneBehindIt() {
    String html =
        "<input "
            + "x".repeat(40000)
            + "<form action='/go'><input name=a value='<input name=c value=d'>"
            + "<input data-name=\"n\" NAME='b' value = \"1&#x41;&lt;\">";
    HiddenForm form = HiddenForm.find(html).orElseThrow();
    assertEquals("/go", form.action());
    assertEquals(
        List.of(Map.entry("a", "<input name=c value=d"), Map.entry("b", "1A<")), form.fields());
  }
}
