package himmelblau.launcher;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A log line as an entry of the journal: the line itself as {@code MESSAGE}, and each {@code
 * key=value} of it as a field {@code HIMMELBLAU_KEY}, in systemd's native journal protocol.
 *
 * <p>The fields are taken from the line, so they cannot say anything that it does not say. What the
 * line escapes because it could steer a terminal stays escaped. A line that is none of ours, or
 * what is not {@code key=value} after a value, gives no (more) fields.
 */
final class JournalEntry {
  private static final String PREFIX = "HIMMELBLAU_";

  /** The journal drops fields with longer names. */
  private static final int LONGEST_NAME = 64;

  private final StringBuilder entry;
  private final String line;
  private int at;

  private JournalEntry(String line) {
    this.line = line;
    this.entry = new StringBuilder(2 * line.length() + 200);
  }

  /**
   * @param identifier the name of the process as the journal shows it
   * @param line without control characters: {@code source event key=value key="value"}
   */
  static byte[] of(String identifier, Level level, String line) {
    JournalEntry made = new JournalEntry(line);
    made.add("MESSAGE", line);
    made.add("PRIORITY", Integer.toString(ErrorStream.priority(level)));
    made.add("SYSLOG_FACILITY", "3"); // daemon, as it is for standard error
    made.add("SYSLOG_IDENTIFIER", identifier);
    if (line.startsWith("himmelblau.")) {
      made.add(PREFIX + "SOURCE", made.until(' '));
      made.add(PREFIX + "EVENT", made.event());
      while (made.field()) {}
    }
    return made.entry.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Some events are a few words. */
  private String event() {
    int begin = at;
    while (at < line.length() && name().isEmpty()) {
      until(' ');
    }
    return line.substring(begin, at).stripTrailing();
  }

  private boolean field() {
    String key = name();
    if (key.isEmpty()) {
      return false;
    }
    at += key.length() + 1;
    String value = line.startsWith("\"", at) ? quoted() : until(' ');
    add((PREFIX + key.toUpperCase(Locale.ROOT)).replaceAll("[^A-Z0-9_]", "_"), value);
    return true;
  }

  /** The key that stands here before a '=', or an empty text. */
  private String name() {
    int equals = line.indexOf('=', at);
    return equals > at && isName(line.substring(at, equals)) ? line.substring(at, equals) : "";
  }

  private static boolean isName(String text) {
    return text.length() <= LONGEST_NAME - PREFIX.length()
        && text.chars()
            .allMatch(c -> c < 0x80 && (Character.isLetterOrDigit(c) || "._-".indexOf(c) >= 0));
  }

  private String until(char end) {
    int found = line.indexOf(end, at);
    String text = line.substring(at, found < 0 ? line.length() : found);
    at = found < 0 ? line.length() : found + 1;
    return text;
  }

  private String quoted() {
    StringBuilder value = new StringBuilder();
    for (at++; at < line.length() && line.charAt(at) != '"'; at++) {
      char c = line.charAt(at);
      char next = at + 1 < line.length() ? line.charAt(at + 1) : ' ';
      if (c == '\\' && (next == '"' || next == '\\')) {
        at++;
        c = next;
      }
      value.append(c);
    }
    at = Math.min(at + 2, line.length());
    return value.toString();
  }

  /** The short form of a field, which ends at the end of the line: no value here has one. */
  private void add(String name, String value) {
    entry.append(name).append('=').append(value).append('\n');
  }
}
