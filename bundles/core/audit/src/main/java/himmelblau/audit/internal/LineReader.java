package himmelblau.audit.internal;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a log line as the launcher hands it over; what is not of our form is no event. */
final class LineReader {
  private static final Pattern HEAD =
      Pattern.compile("(\\S+) (error|warn|info|debug) (\\S+) ([a-z][a-z0-9_.]*)(?= |$)");
  private static final Pattern FIELD =
      Pattern.compile(" ([A-Za-z0-9._-]+)=(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^ \"]*+))(?= |$)");
  private static final Pattern ESCAPED = Pattern.compile("\\\\([\"\\\\])");

  private LineReader() {}

  static Optional<LogEvent> read(String line) {
    Matcher head = HEAD.matcher(line);
    if (!head.lookingAt()) {
      return Optional.empty();
    }
    Map<String, String> fields = new LinkedHashMap<>();
    Matcher field = FIELD.matcher(line);
    // One behind the other: nothing inside a value is taken for a field.
    for (int at = head.end(); field.region(at, line.length()).lookingAt(); at = field.end()) {
      String value =
          field.group(2) != null
              ? ESCAPED.matcher(field.group(2)).replaceAll("$1")
              : field.group(3);
      fields.putIfAbsent(field.group(1), value);
    }
    try {
      return Optional.of(
          new LogEvent(
              Instant.parse(head.group(1)),
              head.group(2),
              head.group(3),
              head.group(4),
              Collections.unmodifiableMap(fields)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
