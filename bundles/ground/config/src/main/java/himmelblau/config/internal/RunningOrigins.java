package himmelblau.config.internal;

import himmelblau.api.explain.OptionOrigins;
import himmelblau.api.explain.OptionUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the values of one configuration come from. Immutable. */
final class RunningOrigins implements OptionOrigins {
  /** Two spellings of one option. */
  private static final List<String> DOMAINS = List.of("domain", "domains");

  private final EffectiveConfig effective;

  RunningOrigins(EffectiveConfig effective) {
    this.effective = effective;
  }

  @Override
  public List<Origin> of(OptionUse use) {
    if (DOMAINS.contains(use.name())) {
      return domains();
    }
    List<Origin> summands = summands(use);
    if (!summands.isEmpty()) {
      return summands;
    }
    String key = Option.key(use.name());
    Optional<String> section =
        use.section().filter(name -> effective.origins().containsKey(name + "/" + key));
    Object value =
        use.section().map(name -> values(name).get(key)).orElse(effective.global().get(key));
    return value == null
        ? List.of()
        : List.of(origin(use.name(), section.orElse(MergedFiles.GLOBAL), ConfigDump.text(value)));
  }

  private Map<String, Object> values(String section) {
    return section.equals(MergedFiles.BREAKGLASS)
        ? effective.breakglass()
        : effective.domains().getOrDefault(section, effective.global());
  }

  private List<Origin> domains() {
    String all = String.join(",", effective.domains().keySet());
    return DOMAINS.stream()
        .filter(name -> effective.origins().containsKey(MergedFiles.GLOBAL + "/" + name))
        .map(name -> origin(name, MergedFiles.GLOBAL, all))
        .toList();
  }

  /** The sections that add to a list. */
  private List<Origin> summands(OptionUse use) {
    List<Origin> found = new ArrayList<>();
    String end = "/" + Option.key(use.name());
    effective
        .summands()
        .forEach(
            (place, entries) -> {
              if (place.endsWith(end) && has(entries, use.entry())) {
                String section = place.substring(0, place.length() - end.length());
                found.add(origin(use.name(), section, String.join(",", entries)));
              }
            });
    return List.copyOf(found);
  }

  private static boolean has(List<String> entries, Optional<String> wanted) {
    return wanted
        .map(entry -> entries.stream().anyMatch(each -> each.strip().equalsIgnoreCase(entry)))
        .orElse(true);
  }

  private Origin origin(String option, String section, String value) {
    @Nullable String place = effective.origins().get(section + "/" + Option.key(option));
    return new Origin(option, section, value, Optional.ofNullable(place));
  }
}
