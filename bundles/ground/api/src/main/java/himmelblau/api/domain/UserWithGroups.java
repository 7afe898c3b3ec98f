package himmelblau.api.domain;

import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import java.util.List;
import java.util.Optional;

/**
 * A user as the directory shows them to this host, without their doing.
 *
 * @param groups all groups the user is in, transitive; empty when the provider may not read them
 *     without the user: what is known stays
 */
public record UserWithGroups(DirectoryUser user, Optional<List<Group>> groups) {
  public UserWithGroups {
    groups = groups.map(List::copyOf);
  }
}
