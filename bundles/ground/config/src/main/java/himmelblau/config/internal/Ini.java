package himmelblau.config.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The syntax of himmelblau.conf (host-behaviour 1.2). */
final class Ini {
  /** The section for keys before the first section; it is not read. */
  static final String NO_SECTION = "default";

  /** What is not text at all would have one in each line. */
  private static final int MOST_ERRORS = 100;

  private final Path file;
  private final List<Setting> settings = new ArrayList<>();
  private String section = NO_SECTION;

  private Ini(Path file) {
    this.file = file;
  }

  /**
   * The content of a file: its settings in order, and its sections, also those without settings.
   */
  record Content(List<Setting> settings, Set<String> sections) {}

  /**
   * Reads the whole file.
   *
   * @throws ConfigException with all errors of the file, at most 100
   */
  static Content parse(Path file, byte[] bytes) throws ConfigException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw ConfigException.at(
          file, lineOfFirstBadByte(bytes), "the file is not UTF-8. Save it as UTF-8.");
    }
    Ini ini = new Ini(file);
    Set<String> sections = new java.util.LinkedHashSet<>();
    // Only a line feed ends a line; a carriage return before it is white space.
    String[] lines = (text.startsWith("\ufeff") ? text.substring(1) : text).split("\n", -1);
    List<ConfigException> errors = new ArrayList<>();
    for (int i = 0; i < lines.length && errors.size() < MOST_ERRORS; i++) {
      try {
        ini.line(lines[i], i + 1);
      } catch (ConfigException e) {
        errors.add(e);
      }
      sections.add(ini.section);
    }
    if (!errors.isEmpty()) {
      throw ConfigException.of(errors);
    }
    return new Content(List.copyOf(ini.settings), sections);
  }

  private void line(String raw, int number) throws ConfigException {
    String line = trim(raw.substring(0, endOfContent(raw)));
    if (line.isEmpty()) {
      return;
    }
    if (line.indexOf('\0') >= 0) {
      throw ConfigException.at(file, number, "a NUL byte. Is this a text file?");
    }
    if (line.charAt(0) == '[') {
      int end = line.lastIndexOf(']');
      if (end < 0) {
        throw ConfigException.at(
            file, number, "a section line without the closing ], as in [global]");
      }
      section = trim(line.substring(1, end)).toLowerCase(Locale.ROOT);
      return;
    }
    int delimiter = firstOf(line, '=', ':');
    String key = delimiter < 0 ? line : trim(line.substring(0, delimiter));
    @Nullable String value = delimiter < 0 ? null : trim(line.substring(delimiter + 1));
    if (key.isEmpty()) {
      throw ConfigException.at(file, number, "a value without the name of an option before it");
    }
    settings.add(new Setting(section, key.toLowerCase(Locale.ROOT), value, file, number));
  }

  private static int endOfContent(String line) {
    int comment = firstOf(line, '#', ';');
    return comment < 0 ? line.length() : comment;
  }

  private static int firstOf(String text, char one, char other) {
    int first = text.indexOf(one);
    int second = text.indexOf(other);
    return first < 0 || (second >= 0 && second < first) ? second : first;
  }

  /** Takes Unicode's White_Space off both ends; Java's own methods know slightly other blanks. */
  static String trim(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && blank(text.charAt(start))) {
      start++;
    }
    while (end > start && blank(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean blank(char c) {
    return (c >= '\t' && c <= '\r')
        || c == ' '
        || c == '\u0085'
        || c == '\u00a0'
        || (c > '\u00ff' && Character.isSpaceChar(c));
  }

  private static int lineOfFirstBadByte(byte[] bytes) {
    var decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    decoder.decode(in, java.nio.CharBuffer.allocate(bytes.length + 1), true);
    int line = 1;
    for (int i = 0; i < in.position(); i++) {
      line += bytes[i] == '\n' ? 1 : 0;
    }
    return line;
  }
}
