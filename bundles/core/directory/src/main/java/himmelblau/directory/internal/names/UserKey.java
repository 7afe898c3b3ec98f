package himmelblau.directory.internal.names;

import java.util.Locale;

/** The case-insensitive form of a user name. */
public final class UserKey {
  private UserKey() {}

  public static String of(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
