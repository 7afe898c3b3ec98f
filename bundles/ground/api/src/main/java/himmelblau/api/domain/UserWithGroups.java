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
 * @param status {@link AccountStatus#DISABLED} only when the directory said so in this answer
 */
public record UserWithGroups(
    DirectoryUser user, Optional<List<Group>> groups, AccountStatus status) {
  public UserWithGroups {
    groups = groups.map(List::copyOf);
  }

  /** Of a directory that does not say whether an account is enabled. */
  public UserWithGroups(DirectoryUser user, Optional<List<Group>> groups) {
    this(user, groups, AccountStatus.NOT_SAID);
  }
}
