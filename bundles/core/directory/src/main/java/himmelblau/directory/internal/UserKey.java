package himmelblau.directory.internal;

import java.util.Locale;

/** The case-insensitive form of a user name. */
final class UserKey {
  private UserKey() {}

  static String of(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
