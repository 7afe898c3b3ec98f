package himmelblau.config.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Two domains whose users would get the same ids (host-behaviour 1.6). Two domains of one directory
 * share a range, so equal ranges are refused only where the options alone say that the directories
 * are two; the rest is seen when the directories answer.
 *
 * @param domain the later one, whose users have no ids
 * @param where file and line, for the beginning of a message
 */
record RangeOverlap(String domain, String range, String other, String otherRange, String where) {
  private static final String RANGE = Option.key(IdentityOptions.IDMAP_RANGE);
  private static final String ENTRA = "entra";
  private static final String OIDC = "oidc";

  /** For each domain the first one before it that it overlaps. */
  static List<RangeOverlap> in(EffectiveConfig effective) {
    List<RangeOverlap> found = new ArrayList<>();
    List<String> before = new ArrayList<>();
    for (String domain : effective.domains().keySet()) {
      before.stream()
          .filter(other -> collide(values(effective, other), values(effective, domain)))
          .findFirst()
          .map(other -> of(effective, domain, other))
          .ifPresent(found::add);
      before.add(domain);
    }
    return found;
  }

  /**
   * A start takes an overlap, because users of the other domains must be able to sign in; from then
   * on it is no reason to refuse other changes.
   *
   * @param before what is in effect
   */
  static void requireNoneNew(@Nullable EffectiveConfig before, EffectiveConfig after)
      throws ConfigException {
    List<RangeOverlap> old = before == null ? List.of() : in(before);
    for (RangeOverlap overlap : in(after)) {
      if (old.stream().noneMatch(overlap::same)) {
        throw new ConfigException(overlap.sentence());
      }
    }
  }

  private static RangeOverlap of(EffectiveConfig effective, String domain, String other) {
    return new RangeOverlap(
        domain,
        range(values(effective, domain)),
        other,
        range(values(effective, other)),
        where(effective, domain));
  }

  private static String where(EffectiveConfig effective, String domain) {
    return effective
        .origin(domain, IdentityOptions.IDMAP_RANGE)
        .or(() -> anywhere(effective, domain))
        .or(() -> effective.origin(MergedFiles.GLOBAL, "domains"))
        .or(() -> effective.origin(MergedFiles.GLOBAL, "domain"))
        .map(place -> place + ": ")
        .orElse("");
  }

  /** The range is not set, so some option that is set below the domain. */
  private static Optional<String> anywhere(EffectiveConfig effective, String domain) {
    return effective.origins().entrySet().stream()
        .filter(origin -> origin.getKey().startsWith(domain + "/"))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static Map<String, Object> values(EffectiveConfig effective, String domain) {
    return Objects.requireNonNull(effective.domains().get(domain));
  }

  private static String range(Map<String, Object> values) {
    return String.valueOf(values.get(RANGE));
  }

  private static boolean collide(Map<String, Object> one, Map<String, Object> other) {
    String range = range(one);
    return range.equals(range(other))
        ? different(one, other)
        : CrossChecks.overlap(range, range(other));
  }

  /** Whether the options say that these are two directories. */
  private static boolean different(Map<String, Object> one, Map<String, Object> other) {
    Optional<Directory> first = directory(one);
    Optional<Directory> second = directory(other);
    return first.isPresent() && second.isPresent() && first.get().differs(second.get());
  }

  private record Directory(String kind, Optional<String> name) {
    boolean differs(Directory other) {
      return !kind.equals(other.kind)
          || (name.isPresent() && other.name.isPresent() && !name.equals(other.name));
    }
  }

  /** Nothing for an issuer that is not valid or not there: the domain has no users, either. */
  private static Optional<Directory> directory(Map<String, Object> values) {
    String kind = kind(values);
    return switch (kind) {
      case OIDC ->
          text(values, IdentityOptions.OIDC_ISSUER)
              .map(issuer -> new Directory(kind, Optional.of(issuer)));
      case ENTRA ->
          Optional.of(
              new Directory(
                  kind, text(values, "tenant_id").map(name -> name.toLowerCase(Locale.ROOT))));
      default -> Optional.of(new Directory(kind, Optional.empty())); // only its provider knows
    };
  }

  private static Optional<String> text(Map<String, Object> values, String option) {
    return Optional.ofNullable(values.get(Option.key(option))).map(Object::toString);
  }

  private static String kind(Map<String, Object> values) {
    String kind = String.valueOf(values.getOrDefault("domain.kind", ENTRA));
    boolean issuer = values.containsKey(Option.key(IdentityOptions.OIDC_ISSUER));
    return kind.equals(ENTRA) && issuer ? OIDC : kind;
  }

  /** Wherever it is written. */
  private boolean same(RangeOverlap overlap) {
    return domain.equals(overlap.domain)
        && range.equals(overlap.range)
        && other.equals(overlap.other)
        && otherRange.equals(overlap.otherRange);
  }

  String sentence() {
    return where
        + "idmap_range = "
        + range
        + " of ["
        + domain
        + "] overlaps "
        + otherRange
        + " of ["
        + other
        + "]: users of both would have the same ids. Give ["
        + domain
        + "] an idmap_range of its own.";
  }
}
