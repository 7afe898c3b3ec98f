package himmelblau.directory.internal.options;

import himmelblau.directory.internal.ids.IdRange;
import java.util.List;

/**
 * The settings for the users of one domain. Immutable.
 *
 * @param domain lower case
 * @param aliases further domains of the same tenant, by configuration
 * @param homePrefix with a trailing slash
 */
public record DomainSettings(
    String domain,
    List<String> aliases,
    IdRange range,
    String homePrefix,
    HomeName homeAttr,
    HomeName homeAlias,
    String shell) {

  /** What a home directory is named after. */
  public enum HomeName {
    UUID,
    SPN,
    CN;

    public static HomeName parse(String text) {
      return switch (text) {
        case "spn" -> SPN;
        case "cn" -> CN;
        default -> UUID;
      };
    }
  }

  public DomainSettings {
    aliases = List.copyOf(aliases);
    homePrefix = homePrefix.endsWith("/") ? homePrefix : homePrefix + "/";
  }

  public DomainSettings with(IdRange other) {
    return new DomainSettings(domain, aliases, other, homePrefix, homeAttr, homeAlias, shell);
  }
}
