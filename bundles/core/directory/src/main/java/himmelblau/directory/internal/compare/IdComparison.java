package himmelblau.directory.internal.compare;

import himmelblau.api.account.AccountName;
import himmelblau.directory.internal.compare.OtherMachineIds.Other;
import himmelblau.directory.internal.ids.ReservedIds;
import himmelblau.directory.internal.names.NameRules;
import himmelblau.directory.internal.setup.DirectorySetup;
import himmelblau.directory.internal.store.StoredGroup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares the ids of this host with those of another machine. Known objects are passed in any
 * order, possibly twice; the result lists the differences and the objects that could not be
 * compared. For one thread.
 */
public final class IdComparison {
  private static final int MOST_FINDINGS = 10_000;
  private static final int EXAMPLES = 3;

  private final OtherMachineIds other;
  private final DirectorySetup setup;
  private final NameVariants names;
  private final Set<String> findings = new LinkedHashSet<>();
  private final Set<String> metUsers = new HashSet<>();
  private final Set<String> metGroups = new HashSet<>();
  private final Map<Long, String> unmatched = new LinkedHashMap<>();

  /** By the name there: gids that one of ours has as well, and those of ours that it has not. */
  private final Map<String, Set<Long>> same = new LinkedHashMap<>();

  private final Map<String, Map<UUID, StoredGroup>> differing = new LinkedHashMap<>();
  private long unsaid;

  public IdComparison(OtherMachineIds other, DirectorySetup setup) {
    this.other = other;
    this.setup = setup;
    this.names = new NameVariants(setup);
  }

  /** Adds a user with the ids on this host. */
  void user(AccountName name, long uid, long gid) {
    if (other.nowhere()) {
      return;
    }
    Optional<String> key = names.of(name).filter(other.users()::containsKey).findFirst();
    if (key.isPresent()) {
      metUsers.add(key.get());
      List<Other> there = other.users().getOrDefault(key.get(), List.of());
      difference(name, uid, gid, there).ifPresent(this::say);
    } else {
      other.withUid(uid).ifPresent(who -> unmatched.put(uid, name.upn()));
    }
  }

  private static Optional<String> difference(
      AccountName name, long uid, long gid, List<Other> there) {
    if (there.stream().allMatch(one -> one.uid() == uid && one.gid() == gid)) {
      return Optional.empty();
    }
    boolean alwaysOwnGroup = uid == gid && there.stream().allMatch(Other::hasPrivateGroup);
    List<String> parts = new ArrayList<>();
    if (there.stream().anyMatch(one -> one.uid() != uid)) {
      parts.add("uid " + uid + " here and " + all(there.stream().map(Other::uid)) + " there");
    }
    if (!alwaysOwnGroup && there.stream().anyMatch(one -> one.gid() != gid)) {
      parts.add("gid " + gid + " here and " + all(there.stream().map(Other::gid)) + " there");
    }
    return Optional.of(name.upn() + " has " + String.join(", ", parts));
  }

  /** Adds a group with its gid on this host. */
  void group(StoredGroup group) {
    if (other.nowhere()) {
      return;
    }
    String id = group.objectId().toString();
    boolean byId = other.groups().containsKey(id);
    Optional<String> key =
        byId ? Optional.of(id) : names.of(group).filter(other.groups()::containsKey).findFirst();
    if (key.isEmpty()) {
      return;
    }
    metGroups.add(key.get());
    if (other.groups().getOrDefault(key.get(), List.of()).contains(group.gid())) {
      same.computeIfAbsent(key.get(), k -> new HashSet<>()).add(group.gid());
    } else {
      differing.computeIfAbsent(key.get(), k -> new LinkedHashMap<>()).put(group.objectId(), group);
    }
  }

  /** The differences. Call after all objects were added. */
  public List<String> findings() {
    unmatched.forEach(
        (uid, upn) ->
            other
                .withUid(uid)
                .ifPresent(
                    who ->
                        say(
                            "uid %d is that of %s here and of %s there: two users, or one user with two names"
                                .formatted(uid, upn, printable(who.name())))));
    differing.forEach(this::groupsOfOneName);
    List<String> all = new ArrayList<>(findings);
    if (unsaid > 0) {
      all.add("… and " + unsaid + " more differences");
    }
    return all;
  }

  /**
   * Display names do not identify a group: a gid there that one of ours has is not another one's,
   * and a group of the system there (sudo, say) is none of the directory's.
   */
  private void groupsOfOneName(String key, Map<UUID, StoredGroup> ours) {
    Set<Long> taken = same.getOrDefault(key, Set.of());
    List<Long> left =
        other.groups().getOrDefault(key, List.of()).stream()
            .filter(gid -> !taken.contains(gid) && ReservedIds.owner(gid).isEmpty())
            .toList();
    if (left.isEmpty()) {
      return; // those names belong to other users here, or to the system
    }
    for (StoredGroup group : ours.values()) {
      say(
          "group %s (%s) has gid %d here and %s there"
              .formatted(
                  group.objectId(),
                  printable(group.displayName()),
                  group.gid(),
                  all(left.stream())));
    }
  }

  private static String all(Stream<Long> ids) {
    return ids.distinct().sorted().map(String::valueOf).collect(Collectors.joining(" or "));
  }

  /**
   * Entries of the other machine that are unknown here and were not compared; empty if there are
   * none. System accounts, and local accounts of this host, are not expected in the directory.
   */
  public Optional<String> leftOut() {
    List<String> users =
        without(other.users(), metUsers, one -> ReservedIds.owner(one.uid()).isEmpty());
    List<String> groups =
        without(other.groups(), metGroups, gid -> ReservedIds.owner(gid).isEmpty());
    if (users.isEmpty() && groups.isEmpty()) {
      return Optional.empty();
    }
    String examples =
        Stream.concat(users.stream().limit(EXAMPLES), groups.stream().limit(EXAMPLES))
            .map(IdComparison::printable)
            .collect(Collectors.joining(", "));
    return Optional.of(
        "%d users and %d groups of the other machine are not known here and were not compared: %s%s"
            .formatted(
                users.size(),
                groups.size(),
                examples,
                users.size() > EXAMPLES || groups.size() > EXAMPLES ? ", …" : ""));
  }

  /** Whether nothing could be compared, so that the result is unknown. */
  public boolean idle() {
    return !other.nowhere() && metUsers.isEmpty() && metGroups.isEmpty();
  }

  private <T> List<String> without(Map<String, List<T>> all, Set<String> met, Predicate<T> counts) {
    return all.entrySet().stream()
        .filter(entry -> !met.contains(entry.getKey()))
        .filter(entry -> !setup.host().accounts().takesName(entry.getKey()))
        .filter(entry -> entry.getValue().stream().anyMatch(counts))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private static String printable(String name) {
    return NameRules.gecos(name);
  }

  private void say(String finding) {
    if (findings.size() < MOST_FINDINGS) {
      findings.add(finding);
    } else if (!findings.contains(finding)) {
      unsaid++;
    }
  }
}
