package himmelblau.domain.entra.internal.page;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A form that the script of a page would submit at once.
 *
 * @param fields name and value, in order
 */
record HiddenForm(String action, List<Map.Entry<String, String>> fields) {
  private static final int MOST = 64;
  private static final int LONGEST = 32768; // characters of a tag
  private static final Pattern TAG =
      Pattern.compile("<(form|input|/form)\\b", Pattern.CASE_INSENSITIVE);

  /** Begins at the start of a word: starting at each letter would take quadratic time. */
  private static final Pattern ATTRIBUTE =
      Pattern.compile(
          "(?<![a-zA-Z-])([a-zA-Z-]++)\\s*+=\\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\\s>\"']++))");

  private static final Pattern ENTITY =
      Pattern.compile("&(?:#([0-9]{1,6})|#[xX]([0-9a-fA-F]{1,5})|(amp|lt|gt|quot|apos));");

  /** The first form of a page; empty if there is none that has an action. */
  static Optional<HiddenForm> find(String html) {
    Matcher tags = TAG.matcher(html);
    String action = "";
    List<Map.Entry<String, String>> fields = new ArrayList<>();
    int read = 0; // up to here tags are read
    int end = 0; // of the tag; looked for once however many begin before it
    while (tags.find() && fields.size() < MOST) {
      if (tags.start() < read) {
        continue; // within an attribute
      }
      if (end < tags.end()) {
        end = html.indexOf('>', tags.end());
      }
      if (end < 0) {
        break;
      }
      if (end - tags.end() > LONGEST) {
        continue;
      }
      read = end;
      String name = tags.group(1).toLowerCase(Locale.ROOT);
      Map<String, String> attributes = attributes(html.substring(tags.end(), end));
      if (name.equals("form")) {
        action = attributes.getOrDefault("action", "");
      } else if (name.equals("/form") && !action.isEmpty()) {
        break;
      } else if (!action.isEmpty()
          && attributes.containsKey("name")
          && attributes.containsKey("value")) {
        fields.add(
            Map.entry(attributes.getOrDefault("name", ""), attributes.getOrDefault("value", "")));
      }
    }
    return action.isEmpty() ? Optional.empty() : Optional.of(new HiddenForm(action, fields));
  }

  Optional<String> field(String name) {
    return fields.stream()
        .filter(field -> field.getKey().equals(name))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static Map<String, String> attributes(String text) {
    Map<String, String> found = new HashMap<>();
    Matcher matcher = ATTRIBUTE.matcher(text);
    while (matcher.find()) {
      String value =
          matcher.group(2) != null
              ? matcher.group(2)
              : matcher.group(3) != null ? matcher.group(3) : matcher.group(4);
      found.putIfAbsent(matcher.group(1).toLowerCase(Locale.ROOT), decode(value));
    }
    return found;
  }

  private static String decode(String text) {
    return ENTITY
        .matcher(text)
        .replaceAll(
            match -> {
              if (match.group(1) != null) {
                return Matcher.quoteReplacement(character(Integer.parseInt(match.group(1))));
              }
              if (match.group(2) != null) {
                return Matcher.quoteReplacement(character(Integer.parseInt(match.group(2), 16)));
              }
              return switch (match.group(3)) {
                case "lt" -> "<";
                case "gt" -> ">";
                case "quot" -> "\"";
                case "apos" -> "'";
                default -> "&";
              };
            });
  }

  private static String character(int point) {
    return Character.isValidCodePoint(point) ? Character.toString(point) : "\uFFFD";
  }
}
