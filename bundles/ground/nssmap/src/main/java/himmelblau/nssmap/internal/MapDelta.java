package himmelblau.nssmap.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import himmelblau.api.directory.GroupEntry;
import himmelblau.api.directory.LookupMap.Change;
import himmelblau.api.directory.LookupMap.MappedGroup;
import himmelblau.api.directory.LookupMap.MappedUser;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The changes since a base. Not thread-safe. */
final class MapDelta {
  /** From here on a group is extended rather than repeated. */
  private static final int LARGE_GROUP = 64;

  private static final int MOST_MISSING = 4096;

  private final Map<Long, MappedUser> users = new LinkedHashMap<>();
  private final Map<String, Long> keys = new HashMap<>();
  private final Set<Long> removedUsers = new LinkedHashSet<>();
  private final Map<Long, MappedGroup> groups = new LinkedHashMap<>();
  private final Map<Long, Extension> extensions = new LinkedHashMap<>();
  private final Map<String, Instant> missing = new LinkedHashMap<>();

  /** Members on top of the base's. */
  private record Extension(MappedGroup group, Set<String> joined) {}

  /** Adds a change; the base, if present, is used to find the entries that it hides. */
  void merge(Change change, @Nullable MapFileReader base) throws IOException {
    for (String name : change.gone()) {
      gone(UserRecord.fold(name), base);
    }
    for (MappedUser user : change.users()) {
      put(user, base);
    }
    for (MappedGroup group : change.groups()) {
      put(group, base);
    }
    for (Map.Entry<Long, List<String>> joined : change.joined().entrySet()) {
      join(joined.getKey(), joined.getValue(), base);
    }
    for (Map.Entry<String, Instant> absent : change.missing().entrySet()) {
      missing(UserRecord.fold(absent.getKey()), absent.getValue(), base);
    }
  }

  private void put(MappedUser user, @Nullable MapFileReader base) throws IOException {
    long uid = user.entry().uid();
    drop(uid);
    for (String key : keysOf(user)) {
      missing.remove(key);
      Long other = keys.get(key);
      if (other != null) {
        drop(other);
        hideInBase(other, base);
      }
      Optional<MappedUser> hidden = base == null ? Optional.empty() : base.byName(key);
      if (hidden.isPresent() && hidden.get().entry().uid() != uid) {
        long old = hidden.get().entry().uid();
        if (!users.containsKey(old)) {
          removedUsers.add(old);
        }
      }
    }
    removedUsers.remove(uid);
    users.put(uid, user);
    keysOf(user).forEach(key -> keys.put(key, uid));
  }

  private void gone(String key, @Nullable MapFileReader base) throws IOException {
    Long uid = keys.get(key);
    if (uid != null) {
      drop(uid);
      hideInBase(uid, base);
    } else if (base != null) {
      base.byName(key)
          .map(user -> user.entry().uid())
          .filter(found -> !users.containsKey(found))
          .ifPresent(removedUsers::add);
    }
  }

  private void hideInBase(long uid, @Nullable MapFileReader base) throws IOException {
    if (base != null && base.byUid(uid).isPresent()) {
      removedUsers.add(uid);
    }
  }

  private void drop(long uid) {
    MappedUser old = users.remove(uid);
    if (old != null) {
      keysOf(old).forEach(keys::remove);
    }
  }

  private void put(MappedGroup group, @Nullable MapFileReader base) throws IOException {
    long gid = group.entry().gid();
    extensions.remove(gid);
    groups.remove(gid);
    Optional<MappedGroup> below =
        base == null || group.entry().members().size() < LARGE_GROUP
            ? Optional.empty()
            : base.byGid(gid);
    Set<String> joined = new LinkedHashSet<>(group.entry().members());
    if (below.isPresent()
        && below.get().entry().members().size() * 2 > joined.size()
        && joined.containsAll(below.get().entry().members())) {
      below.get().entry().members().forEach(joined::remove);
      extensions.put(gid, new Extension(group, joined));
    } else {
      groups.put(gid, group);
    }
  }

  private void join(long gid, List<String> names, @Nullable MapFileReader base) throws IOException {
    MappedGroup whole = groups.get(gid);
    Extension extension = extensions.get(gid);
    if (whole != null) {
      Set<String> members = new LinkedHashSet<>(whole.entry().members());
      members.addAll(names);
      groups.put(gid, withMembers(whole, members));
    } else if (extension != null) {
      extension.joined().addAll(names);
    } else if (base != null) {
      Optional<MappedGroup> below = base.byGid(gid);
      if (below.isPresent()) {
        Set<String> joined = new LinkedHashSet<>(names);
        new HashSet<>(below.get().entry().members()).forEach(joined::remove);
        if (!joined.isEmpty()) {
          extensions.put(gid, new Extension(below.get(), joined));
        }
      }
    }
  }

  private void missing(String key, Instant until, @Nullable MapFileReader base) throws IOException {
    if (keys.containsKey(key) || key.isEmpty() || key.length() > MapLayout.LONGEST_NAME / 4) {
      return;
    }
    Optional<MappedUser> below = base == null ? Optional.empty() : base.byName(key);
    if (below.isPresent() && !overrules(below.get())) {
      return;
    }
    missing.remove(key);
    missing.put(key, until);
    if (missing.size() > MOST_MISSING) {
      missing.remove(missing.keySet().iterator().next());
    }
  }

  /** A copy that stays as it is. */
  MapDelta copy() {
    MapDelta copy = new MapDelta();
    copy.users.putAll(users);
    copy.keys.putAll(keys);
    copy.removedUsers.addAll(removedUsers);
    copy.groups.putAll(groups);
    extensions.forEach(
        (gid, old) ->
            copy.extensions.put(
                gid, new Extension(old.group(), new LinkedHashSet<>(old.joined()))));
    copy.missing.putAll(missing);
    return copy;
  }

  /** Whether this delta has another word on the base's user. */
  boolean overrules(MappedUser user) {
    long uid = user.entry().uid();
    return users.containsKey(uid) || removedUsers.contains(uid);
  }

  boolean overrules(MappedGroup group) {
    return groups.containsKey(group.entry().gid());
  }

  /** The base's group as it is with this delta. */
  MappedGroup extended(MappedGroup group) {
    Extension extension = extensions.get(group.entry().gid());
    if (extension == null) {
      return group;
    }
    List<String> members = new ArrayList<>(extension.joined());
    members.addAll(group.entry().members());
    return withMembers(extension.group(), members);
  }

  List<MappedUser> users() {
    return List.copyOf(users.values());
  }

  List<MappedGroup> groups() {
    return List.copyOf(groups.values());
  }

  Map<String, Instant> missing() {
    return Map.copyOf(missing);
  }

  void writeTo(MapFileWriter out, Instant now) throws IOException {
    for (MappedUser user : users.values()) {
      out.user(user);
    }
    for (long uid : removedUsers) {
      out.removedUser(uid);
    }
    for (MappedGroup group : groups.values()) {
      out.group(group);
    }
    for (Extension extension : extensions.values()) {
      out.extension(extension.group(), extension.joined());
    }
    missing.values().removeIf(until -> !until.isAfter(now));
    for (Map.Entry<String, Instant> absent : missing.entrySet()) {
      out.missingName(absent.getKey().getBytes(UTF_8), absent.getValue().getEpochSecond());
    }
  }

  private static MappedGroup withMembers(MappedGroup group, Collection<String> members) {
    GroupEntry entry = group.entry();
    return new MappedGroup(
        new GroupEntry(entry.name(), entry.gid(), List.copyOf(members)),
        group.objectId(),
        group.namedById());
  }

  private static Set<String> keysOf(MappedUser user) {
    Set<String> keys = new LinkedHashSet<>();
    if (!user.hidden()) {
      keys.add(UserRecord.fold(user.entry().name()));
    }
    user.aliases().forEach(alias -> keys.add(UserRecord.fold(alias)));
    return keys;
  }
}
