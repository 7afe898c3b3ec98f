package himmelblau.directory.internal.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The host's own accounts, read from the files and never through NSS. They always take precedence.
 * Immutable.
 *
 * @param users by name
 * @param names of users and groups that exclude a directory name
 * @param folded all names, also exempt ones, as {@link FoldedName} has them
 * @param ids of users and groups that exclude a directory id
 */
public record LocalAccounts(
    Map<String, Entry> users, Set<String> names, Set<Long> ids, Set<String> folded) {
  /** uid and gid of a local user. */
  public record Entry(long uid, long gid) {}

  /**
   * A missing file has no accounts.
   *
   * @throws IOException if one is there and cannot be read; its accounts are then unknown
   */
  static LocalAccounts read(Path passwd, Path group, UserMap exempt) throws IOException {
    Map<String, Entry> users = new HashMap<>();
    Set<String> names = new HashSet<>();
    Set<Long> ids = new HashSet<>();
    Set<String> folded = new HashSet<>();
    for (String[] line : lines(passwd)) {
      Optional<Long> uid = id(line, 2);
      Optional<Long> gid = id(line, 3);
      if (uid.isPresent() && gid.isPresent()) {
        users.putIfAbsent(line[0], new Entry(uid.get(), gid.get()));
      }
      add(line, uid, exempt, names, ids);
      folded.add(FoldedName.of(line[0]));
    }
    for (String[] line : lines(group)) {
      add(line, id(line, 2), exempt, names, ids);
      folded.add(FoldedName.of(line[0]));
    }
    return new LocalAccounts(
        Map.copyOf(users), Set.copyOf(names), Set.copyOf(ids), Set.copyOf(folded));
  }

  private static void add(
      String[] line, Optional<Long> id, UserMap exempt, Set<String> names, Set<Long> ids) {
    if (exempt.upnOf(line[0]).isEmpty()) {
      names.add(line[0]);
      id.ifPresent(ids::add);
    }
  }

  /** One malformed line must not hide the others. */
  private static List<String[]> lines(Path file) throws IOException {
    try {
      return new String(Files.readAllBytes(file), UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split(":", -1))
          .filter(parts -> !parts[0].isEmpty())
          .toList();
    } catch (NoSuchFileException absent) {
      return List.of();
    }
  }

  private static Optional<Long> id(String[] line, int field) {
    if (line.length <= field || !line[field].matches("\\d{1,10}")) {
      return Optional.empty();
    }
    return Optional.of(Long.parseLong(line[field]));
  }

  public boolean takesName(String name) {
    return names.contains(name);
  }

  /** Whether a local user or group has the name, ignoring letter case. */
  public boolean takesFoldedName(String name) {
    return folded.contains(name);
  }

  public boolean takesId(long id) {
    return ids.contains(id);
  }
}
