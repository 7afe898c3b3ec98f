package himmelblau.api.log;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Formats one event as one line; no value can inject another line. */
final class LogLine {
  /** Characters of one value. */
  private static final int MOST = 4096;

  private LogLine() {}

  static String format(
      String event,
      Optional<String> correlation,
      @Nullable Throwable cause,
      Optional<String> audit,
      @Nullable Object... pairs) {
    StringBuilder line = new StringBuilder(event);
    correlation.ifPresent(id -> append(line, "conversation", id));
    for (int i = 0; i < pairs.length; i += 2) {
      append(line, String.valueOf(pairs[i]), i + 1 < pairs.length ? pairs[i + 1] : "?");
    }
    if (cause != null) {
      append(line, "cause", cause.getClass().getSimpleName() + ": " + cause.getMessage());
    }
    audit.ifPresent(marker -> append(line, "audit", marker));
    return line.toString();
  }

  private static void append(StringBuilder line, String key, @Nullable Object value) {
    line.append(' ').append(key).append('=');
    String text = cut(unwrap(value));
    if (!text.isEmpty() && text.chars().allMatch(LogLine::plain)) {
      line.append(text);
      return;
    }
    line.append('"');
    text.codePoints()
        .forEach(
            point -> {
              if (point == '"' || point == '\\') {
                line.append('\\').appendCodePoint(point);
              } else if (unseen(point)) {
                line.append(String.format("\\u%04x", point));
              } else {
                line.appendCodePoint(point);
              }
            });
    line.append('"');
  }

  /** A log may be read on a terminal. */
  private static boolean unseen(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }

  private static String cut(String text) {
    return text.length() <= MOST ? text : text.substring(0, MOST) + "\u2026";
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
