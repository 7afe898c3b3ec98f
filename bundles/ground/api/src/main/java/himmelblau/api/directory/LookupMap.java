package himmelblau.api.directory;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The mapped file that every process reads (docs/protocol/nss-map.md). Thread-safe; writers are
 * serialised; a change is visible to readers when a method returns. A failure to write is logged
 * and thrown as {@link java.io.UncheckedIOException}; the old file stays good.
 */
public interface LookupMap {
  /** Replaces everything. */
  void publish(Snapshot snapshot);

  /** Adds or replaces a few entries without rewriting the rest. */
  void merge(Change change);

  /** The number of the generation that readers see. */
  long generation();

  /**
   * A user in the map.
   *
   * @param aliases further names under which it is found (the UPN)
   * @param gids all gids, primary first
   */
  record User(PasswdEntry entry, List<String> aliases, List<Long> gids) {
    public User {
      aliases = List.copyOf(aliases);
      gids = List.copyOf(gids);
    }
  }

  /**
   * A group in the map.
   *
   * @param objectId found by it; empty for a user private group, which is found by its name
   */
  record MappedGroup(GroupEntry entry, Optional<UUID> objectId) {}

  /**
   * The whole content.
   *
   * @param missing names known not to exist, until the given time
   */
  record Snapshot(List<User> users, List<MappedGroup> groups, Map<String, Instant> missing) {}

  /** A small change. {@code gone} are names of users that are no more. */
  record Change(
      List<User> users,
      List<MappedGroup> groups,
      Map<String, Instant> missing,
      List<String> gone) {}
}
