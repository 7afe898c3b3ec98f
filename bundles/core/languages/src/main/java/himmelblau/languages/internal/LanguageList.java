package himmelblau.languages.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which catalogue serves which locales: the file {@code languages}. A name that is not in it opens
 * no file, whatever a client sends.
 */
final class LanguageList {
  /** The texts as they are. */
  private static final String ENGLISH = "en";

  private final Map<String, String> catalogues = new HashMap<>();

  LanguageList(String source) {
    for (String line : source.split("\n", -1)) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] parts = line.split(":", 2);
      String name = parts[0].strip();
      catalogues.put(name, name);
      if (parts.length == 2 && !parts[1].isBlank()) {
        for (String served : parts[1].strip().split("\\s+")) {
          catalogues.put(served, name);
        }
      }
    }
  }

  /** The name of the catalogue; empty for English and for a locale that none serves. */
  Optional<String> catalogue(String locale) {
    return LocaleName.of(locale)
        .flatMap(
            name -> name.names().stream().map(catalogues::get).filter(Objects::nonNull).findFirst())
        .filter(name -> !name.equals(ENGLISH));
  }

  /** The catalogue that has what {@code name} does not have: {@code fr} for {@code fr_CA}. */
  Optional<String> below(String name) {
    int end = name.indexOf('_');
    return end < 0
        ? Optional.empty()
        : Optional.of(name.substring(0, end)).filter(base -> base.equals(catalogues.get(base)));
  }
}
