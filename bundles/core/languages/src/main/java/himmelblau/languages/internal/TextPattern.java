package himmelblau.languages.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text with values at places such as {@code {phone}}: finds the values, and puts them in. */
final class TextPattern {
  private static final Pattern PLACE = Pattern.compile("\\{([a-z]+)\\}");

  private final List<String> between = new ArrayList<>();
  private final List<String> names = new ArrayList<>();

  TextPattern(String text) {
    Matcher place = PLACE.matcher(text);
    int end = 0;
    while (place.find()) {
      between.add(text.substring(end, place.start()));
      names.add(place.group(1));
      end = place.end();
    }
    between.add(text.substring(end));
  }

  /** Whether there is no place for a value. */
  boolean constant() {
    return names.isEmpty();
  }

  /** How many characters are the same whatever the values are. */
  int constantLength() {
    return between.stream().mapToInt(String::length).sum();
  }

  /**
   * The values in {@code text}, if it is this text. A value is never empty and never has several
   * lines. Takes time in proportion to the length of the text, which may come from a server.
   */
  Optional<Map<String, String>> values(String text) {
    String last = between.getLast();
    if (!text.startsWith(between.getFirst()) || !text.endsWith(last)) {
      return Optional.empty();
    }
    Map<String, String> values = new HashMap<>();
    int at = between.getFirst().length();
    int end = text.length() - last.length();
    for (int i = 0; i < names.size(); i++) {
      boolean atEnd = i == names.size() - 1;
      int stop = atEnd ? end : text.indexOf(between.get(i + 1), at + 1);
      if (stop <= at || stop > end || text.substring(at, stop).indexOf('\n') >= 0) {
        return Optional.empty();
      }
      values.put(names.get(i), text.substring(at, stop));
      at = stop + (atEnd ? last.length() : between.get(i + 1).length());
    }
    return at == text.length() ? Optional.of(values) : Optional.empty();
  }

  /** The text with {@code values}, which are put in as they are. */
  String with(Map<String, String> values) {
    StringBuilder text = new StringBuilder(between.getFirst());
    for (int i = 0; i < names.size(); i++) {
      text.append(values.getOrDefault(names.get(i), "")).append(between.get(i + 1));
    }
    return text.toString();
  }
}
