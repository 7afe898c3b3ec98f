package himmelblau.languages.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A catalogue as GNU gettext's tools edit it (gettext manual, "The Format of PO Files"), as far as
 * {@code cnf/texts} writes it.
 *
 * @param pluralFormula the expression of {@code Plural-Forms}
 * @param texts for each English text its translation, or its forms for numbers
 */
record PoFile(String pluralFormula, Map<String, List<String>> texts) {
  private static final Pattern LINE =
      Pattern.compile("(?:(msgid|msgid_plural|msgstr)(?:\\[\\d+\\])? )?\"(.*)\"");
  private static final Pattern FORMULA = Pattern.compile("Plural-Forms:.*plural=([^;\n]+);");

  static PoFile parse(String source) {
    Map<String, List<String>> texts = new LinkedHashMap<>();
    StringBuilder key = new StringBuilder();
    List<StringBuilder> values = new ArrayList<>();
    StringBuilder target = key;
    for (String line : source.split("\n", -1)) {
      Matcher match = LINE.matcher(line);
      if (!match.matches()) {
        continue; // a comment, or blank
      }
      String word = match.group(1) == null ? "" : match.group(1);
      switch (word) {
        case "msgid" -> {
          put(texts, key, values);
          key = new StringBuilder();
          values = new ArrayList<>();
          target = key;
        }
        case "msgid_plural" -> target = new StringBuilder(); // the same as msgid
        case "msgstr" -> {
          target = new StringBuilder();
          values.add(target);
        }
        default -> {} // continues the line before
      }
      target.append(unescaped(match.group(2)));
    }
    put(texts, key, values);
    List<String> header = texts.remove("");
    Matcher formula = FORMULA.matcher(header == null ? "" : header.getFirst());
    if (!formula.find()) {
      throw new IllegalArgumentException("no Plural-Forms");
    }
    return new PoFile(formula.group(1), texts);
  }

  private static void put(
      Map<String, List<String>> texts, StringBuilder key, List<StringBuilder> values) {
    if (!values.isEmpty()) {
      texts.put(key.toString(), values.stream().map(StringBuilder::toString).toList());
    }
  }

  private static String unescaped(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        char escaped = text.charAt(++i);
        plain.append(escaped == 'n' ? '\n' : escaped);
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }
}
