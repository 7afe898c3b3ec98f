package himmelblau.directory.internal.host;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names and patterns ({@code *}, {@code ?}) that the access rules of this host mention, as reported
 * by the root helper. Immutable.
 *
 * @param names as they are written in the rules, lower case; a lone {@code *} stands for every name
 */
public record NamesInRules(Set<String> names, List<Pattern> patterns) {

  public static NamesInRules of(Iterable<String> mentioned) {
    Set<String> names = new HashSet<>();
    List<Pattern> patterns = new ArrayList<>();
    for (String each : mentioned) {
      String name = FoldedName.of(each);
      if (!name.isBlank() && names.add(name) && (name.contains("*") || name.contains("?"))) {
        patterns.add(pattern(name));
      }
    }
    return new NamesInRules(Set.copyOf(names), List.copyOf(patterns));
  }

  /** Whether the rules may mean this name. */
  public boolean mean(String folded) {
    return names.contains(folded)
        || patterns.stream().anyMatch(pattern -> pattern.matcher(folded).matches());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NamesInRules that && names.equals(that.names);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }

  private static Pattern pattern(String glob) {
    StringBuilder expression = new StringBuilder();
    for (String part : glob.replaceAll("\\*+", "*").splitWithDelimiters("[*?]", 0)) {
      expression.append(
          switch (part) {
            case "*" -> ".*";
            case "?" -> ".";
            default -> Pattern.quote(part);
          });
    }
    return Pattern.compile(expression.toString(), Pattern.DOTALL);
  }
}
