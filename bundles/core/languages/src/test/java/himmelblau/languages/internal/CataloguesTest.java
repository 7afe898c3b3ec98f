package himmelblau.languages.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every text in every language; {@code cnf/texts check} compares them with the sources too. */
class CataloguesTest {
  private static final int PAM_MAX_MSG_SIZE = 512;
  private static final Pattern PLACE = Pattern.compile("\\{[a-z]+\\}");

  /** Those of Himmelblau. */
  private static final Set<String> EXPECTED =
      Set.of(
          "am ar bg bn ca cs da de el es et fi fr fr_CA he hi hr hu id it ja ko lt lv nb nl om pl pt_BR pt_PT ro sk sl sr@latin sv th ti tr uk ur_PK uz vi zh_CN"
              .split(" "));

  private static String read(String file) throws IOException {
    try (InputStream in =
        CataloguesTest.class.getResourceAsStream("/himmelblau/languages/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static Set<String> names() throws IOException {
    return read("languages")
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.split(":", 2)[0])
        .filter(name -> !name.equals("en"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static PoFile catalogue(String name) throws IOException {
    return PoFile.parse(read(name + ".po"));
  }

  private static Set<String> keys() throws IOException {
    return PoFile.parse(read("himmelblau.pot")).texts().keySet();
  }

  private static Map<String, List<String>> complete(String name) throws IOException {
    Map<String, List<String>> texts = new HashMap<>();
    int end = name.indexOf('_');
    if (end > 0 && names().contains(name.substring(0, end))) {
      texts.putAll(catalogue(name.substring(0, end)).texts());
    }
    texts.putAll(catalogue(name).texts());
    return texts;
  }

  @Test
  void everyLanguageOfTheReferenceIsThere() throws IOException {
    assertEquals(new TreeSet<>(EXPECTED), names());
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyTextIsTranslated(String name) throws IOException {
    Map<String, List<String>> texts = complete(name);
    assertEquals(keys(), texts.keySet());
    texts.forEach((key, values) -> values.forEach(value -> assertFalse(value.isBlank(), key)));
  }

  @ParameterizedTest
  @MethodSource("names")
  void translationsFitTheEnglishText(String name) throws IOException {
    for (Map.Entry<String, List<String>> text : catalogue(name).texts().entrySet()) {
      for (String value : text.getValue()) {
        assertEquals(places(text.getKey()), places(value), value);
        assertEquals(text.getKey().endsWith(" "), value.endsWith(" "), value);
        assertEquals(
            value.strip(), value.endsWith(" ") ? value.substring(0, value.length() - 1) : value);
        assertTrue(value.getBytes(StandardCharsets.UTF_8).length <= PAM_MAX_MSG_SIZE, value);
        if (!text.getKey().contains("\n")) {
          assertFalse(value.contains("\n"), value);
        }
        assertTrue(value.codePoints().allMatch(CataloguesTest::shown), value);
      }
    }
  }

  /** No control characters; and those for the direction of text show as garbage on terminals. */
  private static boolean shown(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL -> point == '\n';
      case Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  private static List<String> places(String text) {
    return PLACE.matcher(text).results().map(r -> r.group()).sorted().toList();
  }

  /** The text without its values begins with a letter of that direction. */
  @ParameterizedTest
  @MethodSource("names")
  void wordsAreWrittenInTheDirectionOfTheLanguage(String name) throws IOException {
    boolean rightToLeft = Set.of("ar", "he", "ur_PK").contains(name);
    long other = 0;
    for (List<String> values : catalogue(name).texts().values()) {
      byte direction =
          values
              .getFirst()
              .codePoints()
              .mapToObj(Character::getDirectionality)
              .filter(
                  d ->
                      d == Character.DIRECTIONALITY_LEFT_TO_RIGHT
                          || d == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                          || d == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC)
              .findFirst()
              .orElseThrow();
      if ((direction != Character.DIRECTIONALITY_LEFT_TO_RIGHT) != rightToLeft) {
        other++;
      }
    }
    assertTrue(other <= (rightToLeft ? 10 : 0), name + ": " + other); // "PIN: " and the like
  }

  @ParameterizedTest
  @MethodSource("names")
  void pluralFormsAreThoseOfCldr(String name) throws IOException {
    PoFile file = catalogue(name);
    PluralFormula formula = new PluralFormula(file.pluralFormula());
    String[] expected = expectedForms(name).split(" ");
    Map<String, Integer> numbered = new HashMap<>();
    for (int n = 0; n < expected.length; n++) {
      int form = formula.form(n);
      Integer known = numbered.putIfAbsent(expected[n], form);
      assertTrue(known == null || known == form, name + " " + n + " " + expected[n]);
    }
    assertEquals(numbered.size(), new TreeSet<>(numbered.values()).size(), name);
    assertEquals(
        numbered.size() - 1, numbered.values().stream().max(Comparator.naturalOrder()).get());
    Set<Integer> sizes =
        file.texts().values().stream()
            .map(List::size)
            .filter(size -> size > 1)
            .collect(Collectors.toSet());
    if (name.equals("fr_CA")) {
      return; // its texts with numbers are those of fr
    }
    assertEquals(numbered.size() == 1 ? Set.of() : Set.of(numbered.size()), sizes);
  }

  /** From 0 to 199; a line for each language, in the words of CLDR. */
  private static String expectedForms(String name) throws IOException {
    try (InputStream in = CataloguesTest.class.getResourceAsStream("/plurals")) {
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return all.lines()
          .filter(line -> line.startsWith(name + ": "))
          .map(line -> line.substring(name.length() + 2))
          .findFirst()
          .orElseThrow();
    }
  }
}
