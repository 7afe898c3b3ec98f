package himmelblau.directory.internal.assign;

import himmelblau.directory.internal.ids.AssignedIds;
import himmelblau.directory.internal.ids.IdRange;
import himmelblau.directory.internal.options.DomainSettings;
import himmelblau.directory.internal.options.GlobalSettings;
import himmelblau.directory.internal.options.GlobalSettings.Source;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The options that determine ids: changing them gives users and groups other ids. Immutable.
 *
 * @param ranges by domain
 */
public record IdRules(Source source, Optional<Source> groupFallback, Map<String, IdRange> ranges) {
  public IdRules {
    ranges = Map.copyOf(ranges);
  }

  public static IdRules of(GlobalSettings settings, Collection<DomainSettings> domains) {
    Map<String, IdRange> ranges = new TreeMap<>();
    domains.forEach(domain -> ranges.put(domain.domain(), domain.range()));
    return new IdRules(settings.idSource(), settings.groupFallback(), ranges);
  }

  /** These rules, completed by {@code others} for domains that are missing here. */
  IdRules and(IdRules others) {
    Map<String, IdRange> all = new TreeMap<>(others.ranges);
    all.putAll(ranges);
    return new IdRules(source, groupFallback, all);
  }

  public GlobalSettings in(GlobalSettings settings) {
    return settings.with(source, groupFallback);
  }

  public DomainSettings in(DomainSettings domain) {
    return domain.with(ranges.getOrDefault(domain.domain(), domain.range()));
  }

  /** The mark of ids that these rules assign ({@link AssignedIds#basis}). */
  Set<String> bases() {
    Set<String> bases = new HashSet<>(Set.of("static"));
    if (source == Source.RFC2307) {
      bases.add("rfc2307");
    }
    for (IdRange range : ranges.values()) {
      switch (source) {
        case NAME -> bases.addAll(Set.of("name:" + range, "object-id:" + range));
        case UUID -> bases.add("uuid:" + range);
        case RFC2307 -> {
          bases.add("provisional:" + range);
          groupFallback
              .map(fallback -> fallback == Source.UUID ? "uuid:" : "display-name:")
              .ifPresent(rule -> bases.add(rule + range));
        }
      }
    }
    return bases;
  }

  /** The differences to {@code before}, as options of the configuration. */
  String unlike(IdRules before) {
    List<String> changes = new ArrayList<>();
    if (source != before.source) {
      changes.add("id_attr_map = " + word(source) + " instead of " + word(before.source));
    }
    if (!groupFallback.equals(before.groupFallback)) {
      changes.add(
          "rfc2307_group_fallback_map = "
              + groupFallback.map(IdRules::word).orElse("(unset)")
              + " instead of "
              + before.groupFallback.map(IdRules::word).orElse("(unset)"));
    }
    new TreeMap<>(ranges)
        .forEach(
            (domain, range) -> {
              IdRange old = before.ranges.getOrDefault(domain, range);
              if (!old.equals(range)) {
                changes.add("idmap_range = " + range + " of " + domain + " instead of " + old);
              }
            });
    return String.join(", ", changes);
  }

  private static String word(Source source) {
    return source.name().toLowerCase(Locale.ROOT);
  }
}
