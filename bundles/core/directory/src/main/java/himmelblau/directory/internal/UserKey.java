package himmelblau.directory.internal;

import java.util.Locale;

/** The form of a user's name in which two spellings are one. */
final class UserKey {
  private UserKey() {}

  static String of(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
