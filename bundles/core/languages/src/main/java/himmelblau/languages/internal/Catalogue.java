package himmelblau.languages.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The texts of one language. Immutable. */
final class Catalogue {
  /** A value that is itself a text for users, such as a reason within a sentence. */
  private static final String MESSAGE = "message";

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  /** A text with values, and its forms in the other language. */
  private record Entry(TextPattern english, List<TextPattern> forms) {}

  private final Map<String, String> constant = new HashMap<>();
  private final List<Entry> patterns = new ArrayList<>();
  private final PluralFormula plural;
  private final Optional<Catalogue> below;
  private final int lines;

  /**
   * @param below where the texts are that this one does not have
   */
  Catalogue(PoFile file, Optional<Catalogue> below) {
    this.plural = new PluralFormula(file.pluralFormula());
    this.below = below;
    int most = 1;
    for (Map.Entry<String, List<String>> text : file.texts().entrySet()) {
      if (text.getValue().stream().anyMatch(String::isEmpty)) {
        continue; // not translated yet
      }
      TextPattern english = new TextPattern(text.getKey());
      if (english.constant()) {
        constant.put(text.getKey(), text.getValue().getFirst());
      } else {
        patterns.add(new Entry(english, text.getValue().stream().map(TextPattern::new).toList()));
      }
      most = Math.max(most, (int) text.getKey().lines().count());
    }
    patterns.sort(Comparator.comparingInt((Entry e) -> e.english().constantLength()).reversed());
    this.lines = Math.max(most, below.map(Catalogue::lines).orElse(1));
  }

  /** The most lines that a text has. */
  int lines() {
    return lines;
  }

  /** The translation of one text with its values; empty for a text that is not one of these. */
  Optional<String> find(String text) {
    String found = constant.get(text);
    if (found != null) {
      return Optional.of(found);
    }
    for (Entry entry : patterns) {
      Optional<Map<String, String>> values = entry.english().values(text);
      if (values.isPresent()) {
        values.get().computeIfPresent(MESSAGE, (name, value) -> find(value).orElse(value));
        return Optional.of(form(entry, values.get()).with(values.get()));
      }
    }
    return below.flatMap(other -> other.find(text));
  }

  private TextPattern form(Entry entry, Map<String, String> values) {
    if (entry.forms().size() == 1) {
      return entry.forms().getFirst();
    }
    int form =
        values.values().stream()
            .filter(value -> NUMBER.matcher(value).matches())
            .findFirst()
            .map(value -> plural.form(Long.parseLong(value)))
            .orElse(entry.forms().size() - 1);
    return entry.forms().get(Math.clamp(form, 0, entry.forms().size() - 1));
  }
}
