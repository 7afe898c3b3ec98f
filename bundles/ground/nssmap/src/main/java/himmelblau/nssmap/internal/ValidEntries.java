package himmelblau.nssmap.internal;

import himmelblau.api.directory.LookupMap.Change;
import himmelblau.api.directory.LookupMap.MappedGroup;
import himmelblau.api.directory.LookupMap.MappedUser;
import himmelblau.api.log.Log;
import java.util.Optional;

/** Filters out entries that a host must not see, and logs them. */
final class ValidEntries {
  private static final Log LOG = Log.of(ValidEntries.class);

  private ValidEntries() {}

  /** The change without what must not be in the map. */
  static Change of(Change change) {
    return new Change(
        change.users().stream().filter(ValidEntries::fits).toList(),
        change.groups().stream()
            .filter(group -> group.objectId().isPresent() && fits(group))
            .toList(),
        change.missing(),
        change.gone(),
        change.joined());
  }

  static boolean fits(MappedUser user) {
    Optional<String> obstacle = EntryValidator.obstacle(user);
    obstacle.ifPresent(
        why -> LOG.warn("nssmap.user_refused", "name", user.entry().name(), "reason", why));
    return obstacle.isEmpty();
  }

  static boolean fits(MappedGroup group) {
    Optional<String> obstacle = EntryValidator.obstacle(group);
    obstacle.ifPresent(
        why -> LOG.warn("nssmap.group_refused", "name", group.entry().name(), "reason", why));
    return obstacle.isEmpty();
  }
}
