package himmelblau.api.log;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts one event into one line that no value can break out of. */
final class LogLine {
  private LogLine() {}

  static String format(
      String event,
      Optional<String> correlation,
      @Nullable Throwable cause,
      @Nullable Object... pairs) {
    StringBuilder line = new StringBuilder(event);
    correlation.ifPresent(id -> append(line, "conversation", id));
    for (int i = 0; i < pairs.length; i += 2) {
      append(line, String.valueOf(pairs[i]), i + 1 < pairs.length ? pairs[i + 1] : "?");
    }
    if (cause != null) {
      append(line, "cause", cause.getClass().getSimpleName() + ": " + cause.getMessage());
    }
    return line.toString();
  }

  private static void append(StringBuilder line, String key, @Nullable Object value) {
    line.append(' ').append(key).append('=');
    String text = unwrap(value);
    if (!text.isEmpty() && text.chars().allMatch(LogLine::plain)) {
      line.append(text);
      return;
    }
    line.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        line.append('\\').append(c);
      } else if (c < ' ' || c == 0x7f || c == 0x2028 || c == 0x2029 || c == 0x85) {
        line.append(String.format("\\u%04x", (int) c));
      } else {
        line.append(c);
      }
    }
    line.append('"');
  }

  private static String unwrap(@Nullable Object value) {
    return value instanceof Optional<?> optional
        ? optional.map(String::valueOf).orElse("-")
        : String.valueOf(value);
  }

  private static boolean plain(int c) {
    return c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '\\';
  }
}
