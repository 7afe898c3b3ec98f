package himmelblau.directory.internal.options;

import himmelblau.directory.internal.ids.IdRange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The options of {@code [global]} about names and ids. Immutable.
 *
 * @param domains the primary one first
 * @param groupDisplayNames whether groups are shown by display name where that is safe
 * @param ignoredNames in the form that {@code ReservedNames} expects
 * @param groupFallback how a group without {@code gidNumber} gets an id; empty: not at all
 */
public record GlobalSettings(
    List<String> domains,
    Source idSource,
    Optional<Source> groupFallback,
    IdRange subidRange,
    boolean shortNames,
    Optional<Path> script,
    Path userMapFile,
    Duration cacheTimeout,
    boolean groupDisplayNames,
    List<String> ignoredNames) {

  /** The source of ids ({@code id_attr_map}). */
  public enum Source {
    NAME,
    UUID,
    RFC2307;

    static Optional<Source> parse(String text) {
      return switch (text) {
        case "name" -> Optional.of(NAME);
        case "uuid" -> Optional.of(UUID);
        case "rfc2307" -> Optional.of(RFC2307);
        default -> Optional.empty();
      };
    }
  }

  public GlobalSettings {
    domains = List.copyOf(domains);
    ignoredNames = List.copyOf(ignoredNames);
  }

  /** A copy with other id rules. */
  public GlobalSettings with(Source source, Optional<Source> fallback) {
    return new GlobalSettings(
        domains,
        source,
        fallback,
        subidRange,
        shortNames,
        script,
        userMapFile,
        cacheTimeout,
        groupDisplayNames,
        ignoredNames);
  }

  /** For {@link #shortNames}: the domain whose users need no {@code @}. */
  public Optional<String> primaryDomain() {
    return domains.stream().findFirst();
  }
}
