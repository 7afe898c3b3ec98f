package himmelblau.languages.internal;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is shown at once: one or several texts, each on lines of its own, perhaps with lines of
 * others between, such as a QR code or a sentence of the directory.
 */
final class ShownText {
  /** The code of PAM before the reason of a failure, or what the greeter knows a text by. */
  private static final Pattern CODE =
      Pattern.compile("PAM_[A-Z_]{1,30}: |\\[FIDO_(INSERT|TOUCH)] ");

  private ShownText() {}

  static String translated(String text, Catalogue catalogue) {
    Matcher code = CODE.matcher(text);
    int begin = code.lookingAt() ? code.end() : 0;
    String[] lines = text.substring(begin).split("\n", -1);
    StringBuilder shown = new StringBuilder(text.substring(0, begin));
    int at = 0;
    while (at < lines.length) {
      int used = 1;
      Optional<String> found = Optional.empty();
      for (int n = Math.min(catalogue.lines(), lines.length - at); n > 0; n--) {
        found = catalogue.find(joined(lines, at, n));
        if (found.isPresent()) {
          used = n;
          break;
        }
      }
      shown.append(found.orElse(lines[at]));
      at += used;
      if (at < lines.length) {
        shown.append('\n');
      }
    }
    return shown.toString();
  }

  private static String joined(String[] lines, int from, int count) {
    return String.join("\n", Arrays.asList(lines).subList(from, from + count));
  }
}
