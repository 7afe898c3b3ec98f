package himmelblau.testing.tenant.directory;

import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A group or, by its type, another thing that users are members of.
 *
 * @param type Graph's name of the type: {@code group}, {@code directoryRole}, {@code
 *     administrativeUnit}
 * @param members object ids of users and groups
 */
public record Group(
    UUID tenant, UUID id, String name, String type, Set<UUID> members, Map<String, String> unix) {

  public Group {
    members = Set.copyOf(members);
    unix = Map.copyOf(unix);
  }

  public Group withMembers(Set<UUID> value) {
    return new Group(tenant, id, name, type, value, unix);
  }

  public Group withUnix(Map<String, String> value) {
    return new Group(tenant, id, name, type, members, value);
  }
}
