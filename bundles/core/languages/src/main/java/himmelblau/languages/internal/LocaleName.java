package himmelblau.languages.internal;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A locale as {@code LANG} has it: {@code language[_TERRITORY][.codeset][@modifier]} (locale(7)).
 *
 * @param territory may be empty
 * @param modifier may be empty
 */
record LocaleName(String language, String territory, String modifier) {
  private static final Pattern FORM =
      Pattern.compile(
          "([a-z]{2,3})(?:_([A-Z]{2}))?(?:\\.([A-Za-z0-9-]{1,16}))?(?:@([a-z]{1,16}))?");

  /** Their locales without a codeset are UTF-8 in the C library (SUPPORTED of glibc). */
  private static final Set<String> ALWAYS_UTF_8 = Set.of("am", "hi", "sr", "ti", "ur", "vi");

  /**
   * Empty for what is no locale, for C and POSIX, and for one whose terminals do not show UTF-8.
   */
  static Optional<LocaleName> of(String locale) {
    Matcher match = FORM.matcher(locale);
    if (locale.length() > 64 || !match.matches()) {
      return Optional.empty();
    }
    String language = match.group(1);
    String codeset = match.group(3);
    boolean utf8 =
        codeset == null
            ? ALWAYS_UTF_8.contains(language)
            : codeset.replace("-", "").equalsIgnoreCase("utf8");
    return utf8
        ? Optional.of(new LocaleName(language, or(match.group(2)), or(match.group(4))))
        : Optional.empty();
  }

  private static String or(@Nullable String part) {
    return part == null ? "" : part;
  }

  /** Names to look for, the most exact one first. */
  List<String> names() {
    String full = territory.isEmpty() ? language : language + "_" + territory;
    return modifier.isEmpty()
        ? List.of(full, language)
        : List.of(full + "@" + modifier, language + "@" + modifier, full, language);
  }
}
