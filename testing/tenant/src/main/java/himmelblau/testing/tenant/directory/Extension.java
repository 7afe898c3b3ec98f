package himmelblau.testing.tenant.directory;

import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * A directory extension that an application has defined.
 *
 * @param name the attribute alone, such as {@code uidNumber}
 * @param dataType {@code Integer}, {@code String} and others of Graph
 * @param targets {@code User}, {@code Group} and others
 */
public record Extension(UUID id, String name, String dataType, List<String> targets) {
  public Extension {
    targets = List.copyOf(targets);
  }

  /** The property as users and groups show it. */
  public String property(UUID clientId) {
    return prefix(clientId) + name;
  }

  /** What the properties of an application begin with. */
  public static String prefix(UUID clientId) {
    return "extension_" + clientId.toString().replace("-", "").toLowerCase(Locale.ROOT) + "_";
  }
}
