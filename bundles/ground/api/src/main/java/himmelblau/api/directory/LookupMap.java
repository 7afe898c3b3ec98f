package himmelblau.api.directory;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The mapped file that every process reads (docs/protocol/nss-map.md). Thread-safe; writers are
 * serialised; a change is visible to readers when a method returns. A failure to write is logged
 * and thrown as {@link java.io.UncheckedIOException}; the old file stays good.
 */
@ProviderType
public interface LookupMap {
  /** Replaces everything. */
  default void publish(Snapshot snapshot) {
    publish(
        new Content() {
          @Override
          public void users(Consumer<MappedUser> to) {
            snapshot.users().forEach(to);
          }

          @Override
          public void groups(Consumer<MappedGroup> to) {
            snapshot.groups().forEach(to);
          }

          @Override
          public Map<String, Instant> missing() {
            return snapshot.missing();
          }
        });
  }

  /**
   * Replaces everything, one entry at a time, so that a large directory is never held in memory.
   */
  void publish(Content content);

  /** Adds or replaces a few entries without rewriting the rest. */
  void merge(Change change);

  /**
   * Names the local accounts that users of the directory sign in to (host-behaviour 3.6), in a file
   * of its own. The PAM module does not contact the daemon about any other account of {@code
   * /etc/passwd}.
   *
   * @param names without line ends; replaces what was written before
   */
  void localNames(Set<String> names);

  /** The number of the generation that readers see. */
  long generation();

  /**
   * A user in the map.
   *
   * @param aliases further names under which it is found (the UPN)
   * @param gids all gids, primary first
   * @param hidden resolves, but is not enumerated (it is also in the host's own files)
   */
  record MappedUser(PasswdEntry entry, List<String> aliases, List<Long> gids, boolean hidden) {
    public MappedUser {
      aliases = List.copyOf(aliases);
      gids = List.copyOf(gids);
    }

    public MappedUser(PasswdEntry entry, List<String> aliases, List<Long> gids) {
      this(entry, aliases, gids, false);
    }
  }

  /**
   * A group in the map.
   *
   * @param objectId found by it; empty for a user private group, which is found by its name
   * @param namedById the display name is not valid for group(5), so the entry's name is the object
   *     id
   */
  record MappedGroup(GroupEntry entry, Optional<UUID> objectId, boolean namedById) {
    public MappedGroup(GroupEntry entry, Optional<UUID> objectId) {
      this(entry, objectId, false);
    }
  }

  /**
   * The whole content.
   *
   * @param missing names known not to exist, until the given time
   */
  record Snapshot(List<MappedUser> users, List<MappedGroup> groups, Map<String, Instant> missing) {}

  /** The whole content; asked for once, in this order. */
  interface Content {
    void users(Consumer<MappedUser> to);

    void groups(Consumer<MappedGroup> to);

    /** Names known not to exist, until the given time. */
    Map<String, Instant> missing();
  }

  /**
   * A small change.
   *
   * @param gone names of users that no longer exist
   * @param joined names of users who became members, by the gid of groups that do not change
   *     otherwise; avoids repeating a large group
   */
  record Change(
      List<MappedUser> users,
      List<MappedGroup> groups,
      Map<String, Instant> missing,
      List<String> gone,
      Map<Long, List<String>> joined) {
    public Change(
        List<MappedUser> users,
        List<MappedGroup> groups,
        Map<String, Instant> missing,
        List<String> gone) {
      this(users, groups, missing, gone, Map.of());
    }
  }
}
