package himmelblau.directory.internal.names;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Rules for the names of directory users and groups on a host. */
public final class NameRules {
  private static final int LONGEST = 255;
  private static final Set<String> OF_THE_HOST =
      Set.of("root", "gdm", "sssd", "systemd-coredump", "gnome-initial-setup");

  private NameRules() {}

  /** Names that greeters and systemd look up; the directory is never asked for them. */
  static boolean ofTheHost(String name) {
    return name.isBlank()
        || OF_THE_HOST.contains(name)
        || Stream.of("gdm-greeter", "pam_unix_non_existent").anyMatch(name::startsWith);
  }

  /** Why the host cannot have a user of that name. */
  public static Optional<String> unfitUser(String name) {
    if (name.isEmpty() || name.getBytes(UTF_8).length > LONGEST) {
      return Optional.of("its length is not between 1 and " + LONGEST);
    }
    if (name.codePoints().anyMatch(NameRules::breaksLine)
        || name.codePoints().anyMatch(Character::isWhitespace)) {
      return Optional.of("it contains a blank, a colon, a comma, a slash or a control character");
    }
    if (name.startsWith("-")
        || name.startsWith("+")
        || name.equals(".")
        || name.equals("..")
        || name.codePoints().anyMatch(NameRules::unseen)) {
      return Optional.of("programs or administrators would mistake it for something else");
    }
    if (name.codePoints().allMatch(Character::isDigit)) {
      return Optional.of("programs would mistake it for a uid");
    }
    return Optional.empty();
  }

  /**
   * Whether group(5) can show the name. A name that looks like an object id could be mistaken for
   * another group.
   */
  static boolean fitGroup(String name) {
    return !name.isBlank()
        && name.getBytes(UTF_8).length <= LONGEST
        && name.codePoints().noneMatch(NameRules::breaksLine)
        && name.codePoints().noneMatch(c -> c == '@' || unseen(c))
        && !name.startsWith("-") // and "+": to be looked up elsewhere (nsswitch.conf, compat)
        && !name.startsWith("+")
        && !name.codePoints().allMatch(Character::isDigit);
  }

  /** A display name as gecos shows it. */
  public static String gecos(String displayName) {
    String[] parts = displayName.split(",", -1);
    String ordered =
        parts.length == 2 && !parts[0].isBlank() && !parts[1].isBlank()
            ? parts[1].strip() + " " + parts[0].strip()
            : displayName;
    StringBuilder text = new StringBuilder();
    ordered
        .codePoints()
        .map(c -> c == ':' || c == ',' || Character.isISOControl(c) ? ' ' : c)
        .limit(LONGEST)
        .forEach(text::appendCodePoint);
    return text.toString().strip();
  }

  /** An absolute path that is valid in passwd(5) and contains no "..". */
  public static boolean fitPath(String path) {
    return path.startsWith("/")
        && path.getBytes(UTF_8).length <= 1024
        && path.codePoints().noneMatch(c -> c == ':' || Character.isISOControl(c))
        && Stream.of(path.split("/", -1)).noneMatch(part -> part.equals("..") || part.equals("."));
  }

  /** Characters that change the writing direction, join letters, or are invisible. */
  private static boolean unseen(int c) {
    return Character.getType(c) == Character.FORMAT;
  }

  private static boolean breaksLine(int c) {
    return c == ':'
        || c == ','
        || c == '/'
        || Character.isISOControl(c)
        || c == 0x2028
        || c == 0x2029;
  }
}
