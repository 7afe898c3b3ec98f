package himmelblau.api.directory;

import java.util.List;

/**
 * group(5), without a password.
 *
 * @param name display name of the directory, or the user's name for a user private group
 * @param members names as the host shows them
 */
public record GroupEntry(String name, long gid, List<String> members) {
  public GroupEntry {
    members = List.copyOf(members);
  }
}
