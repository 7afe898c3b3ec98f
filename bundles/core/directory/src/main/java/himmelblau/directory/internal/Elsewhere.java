package himmelblau.directory.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Ids of another machine, whatever gave them there (we, SSSD, winbind): lines of {@code getent
 * passwd} and {@code getent group}, in any order. Immutable.
 *
 * @param uids by folded name, short or with its domain
 * @param gids by folded name or object id; names that stand for several gids are left out
 */
record Elsewhere(Map<String, Long> uids, Map<String, Long> gids) {
  static final Elsewhere NOWHERE = new Elsewhere(Map.of(), Map.of());
  private static final int PASSWD = 7;
  private static final int GROUP = 4;

  static Elsewhere read(Path file) throws IOException {
    Map<String, Long> uids = new HashMap<>();
    Map<String, Long> gids = new HashMap<>();
    Set<String> ambiguous = new HashSet<>();
    for (String line : new String(Files.readAllBytes(file), UTF_8).lines().toList()) {
      String[] fields = line.split(":", -1);
      if (fields.length < GROUP || !fields[2].matches("\\d{1,10}")) {
        continue;
      }
      String name = PersonKey.of(fields[0]);
      long id = Long.parseLong(fields[2]);
      if (fields.length == PASSWD) {
        uids.put(name, id);
      } else if (fields.length == GROUP) {
        Long before = gids.put(name, id);
        if (before != null && before != id) {
          ambiguous.add(name);
        }
      }
    }
    ambiguous.forEach(gids::remove);
    if (uids.isEmpty() && gids.isEmpty()) {
      throw new IOException(file + " holds no line of getent passwd or getent group");
    }
    return new Elsewhere(Map.copyOf(uids), Map.copyOf(gids));
  }

  /** How a person's uid differs there; {@code shown} is the name that this host shows. */
  Optional<String> of(String upn, String shown, long uid) {
    Long there = uids.getOrDefault(upn, uids.get(PersonKey.of(shown)));
    return there == null || there == uid
        ? Optional.empty()
        : Optional.of(upn + " has uid " + uid + " here and " + there + " there");
  }

  /** How a group's gid differs there. */
  Optional<String> of(StoredGroup group) {
    Long there =
        gids.getOrDefault(group.objectId().toString(), gids.get(PersonKey.of(group.displayName())));
    return there == null || there == group.gid()
        ? Optional.empty()
        : Optional.of(
            "group "
                + group.objectId()
                + " ("
                + NameRules.gecos(group.displayName())
                + ") has gid "
                + group.gid()
                + " here and "
                + there
                + " there");
  }
}
