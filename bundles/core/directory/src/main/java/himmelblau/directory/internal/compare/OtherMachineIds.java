package himmelblau.directory.internal.compare;

import himmelblau.directory.internal.names.UserKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The ids of another machine, whatever assigned them there (himmelblaud, SSSD, winbind). Names are
 * folded, and otherwise kept as that machine has them. Immutable.
 */
public final class OtherMachineIds {
  public static final OtherMachineIds NOWHERE = new OtherMachineIds(Map.of(), Map.of());

  /** The maximum number of entries; a longer list can be compared in parts. */
  private static final int MOST = 200_000;

  /** A user there. */
  record Other(String name, long uid, long gid) {
    /** Whether the user has a private group there. */
    boolean hasPrivateGroup() {
      return uid == gid;
    }
  }

  private final Map<String, List<Other>> users;
  private final Map<String, List<Long>> groups;
  private final List<Other> byUid;

  private OtherMachineIds(Map<String, List<Other>> users, Map<String, List<Long>> groups) {
    this.users = users;
    this.groups = groups;
    this.byUid = new ArrayList<>(users.values().stream().flatMap(List::stream).toList());
    byUid.sort(Comparator.comparingLong(Other::uid));
  }

  /**
   * Reads the lines of {@code getent passwd} and {@code getent group}.
   *
   * @throws IOException also for a file that is something else
   */
  public static OtherMachineIds read(Path file) throws IOException {
    Map<String, List<Other>> users = new HashMap<>();
    Map<String, List<Long>> groups = new HashMap<>();
    GetentFile.read(
        file,
        new GetentFile.Sink() {
          private int read;

          @Override
          public void user(String name, long uid, long gid) throws IOException {
            room();
            String key = UserKey.of(name);
            add(users, key, new Other(key, uid, gid));
          }

          @Override
          public void group(String name, long gid) throws IOException {
            room();
            add(groups, UserKey.of(name), gid);
          }

          private void room() throws IOException {
            if (++read > MOST) {
              throw new IOException(
                  file + " has more than " + MOST + " lines; compare it in several parts");
            }
          }
        });
    users.forEach(
        (name, all) ->
            all.stream().filter(Other::hasPrivateGroup).forEach(user -> dropPrivate(groups, user)));
    if (users.isEmpty() && groups.isEmpty()) {
      throw new IOException(file + " contains no line of getent passwd or getent group");
    }
    return new OtherMachineIds(users, groups);
  }

  /** A single entry needs no growable list: nearly all names have one entry. */
  private static <T> void add(Map<String, List<T>> to, String name, T entry) {
    to.merge(
        name,
        List.of(entry),
        (before, more) -> {
          if (before.containsAll(more)) {
            return before;
          }
          List<T> all = new ArrayList<>(before);
          all.addAll(more);
          return List.copyOf(all);
        });
  }

  private static void dropPrivate(Map<String, List<Long>> groups, Other user) {
    groups.computeIfPresent(
        user.name(),
        (name, gids) -> {
          List<Long> others = gids.stream().filter(gid -> gid != user.gid()).toList();
          return others.isEmpty() ? null : others;
        });
  }

  boolean nowhere() {
    return users.isEmpty() && groups.isEmpty();
  }

  Map<String, List<Other>> users() {
    return Collections.unmodifiableMap(users);
  }

  /** Without private groups. */
  Map<String, List<Long>> groups() {
    return Collections.unmodifiableMap(groups);
  }

  /** A user who has the uid there. */
  Optional<Other> withUid(long uid) {
    int at =
        Collections.binarySearch(
            byUid, new Other("", uid, uid), Comparator.comparingLong(Other::uid));
    return at < 0 ? Optional.empty() : Optional.of(byUid.get(at));
  }
}
