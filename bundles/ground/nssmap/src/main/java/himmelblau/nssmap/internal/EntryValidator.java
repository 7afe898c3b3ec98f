package himmelblau.nssmap.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import himmelblau.api.directory.LookupMap.MappedGroup;
import himmelblau.api.directory.LookupMap.MappedUser;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The last check before an entry is published, whoever the caller is: no field may break a line of
 * passwd(5) or group(5), and no id may be reserved for the host.
 */
final class EntryValidator {
  private static final int LONGEST_TEXT = 4096;

  private EntryValidator() {}

  /** Why the user must not be in the map. */
  static Optional<String> obstacle(MappedUser user) {
    if (!user.hidden() && reserved(user.entry().uid())) {
      return Optional.of("uid " + user.entry().uid() + " is reserved for the host");
    }
    if (badName(user.entry().name()) || user.aliases().stream().anyMatch(EntryValidator::badName)) {
      return Optional.of("the name is not valid for passwd(5)");
    }
    boolean badText =
        Stream.of(user.entry().gecos(), user.entry().directory(), user.entry().shell())
            .anyMatch(text -> breaksLine(text) || text.getBytes(UTF_8).length > LONGEST_TEXT);
    return badText ? Optional.of("a field is not valid for passwd(5)") : Optional.empty();
  }

  /** Why the group must not be in the map. */
  static Optional<String> obstacle(MappedGroup group) {
    if (reserved(group.entry().gid())) {
      return Optional.of("gid " + group.entry().gid() + " is reserved for the host");
    }
    List<String> members = group.entry().members();
    if (badName(group.entry().name()) || members.stream().anyMatch(EntryValidator::badName)) {
      return Optional.of("a name is not valid for group(5)");
    }
    return Optional.empty();
  }

  private static boolean reserved(long id) {
    return id < 1000 || (id >= 60001 && id <= 65535) || id >= 0xFFFF_FFFFL;
  }

  private static boolean badName(String name) {
    return name.isEmpty()
        || name.getBytes(UTF_8).length > MapLayout.LONGEST_NAME
        || name.indexOf(',') >= 0
        || breaksLine(name);
  }

  private static boolean breaksLine(String text) {
    return text.chars().anyMatch(c -> c == ':' || Character.isISOControl(c));
  }
}
