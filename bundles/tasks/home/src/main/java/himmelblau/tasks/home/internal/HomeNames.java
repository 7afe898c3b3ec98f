package himmelblau.tasks.home.internal;

import himmelblau.tasks.files.FileRefused;

/** Checks the name of a home directory (host-behaviour 6.2) and the uid of its owner. */
final class HomeNames {
  private static final int MOST_BYTES = 200; // leaves room for the name it is built under

  private HomeNames() {}

  /**
   * Removes leading dots, slashes and backslashes.
   *
   * @throws FileRefused if the rest is not a valid name of a home directory
   */
  static String clean(String asked) throws FileRefused {
    String name = asked;
    while (name.startsWith(".")) {
      name = name.substring(1);
    }
    name = name.replace("/", "").replace("\\", "");
    if (name.isEmpty()
        || name.startsWith(".")
        || name.startsWith("-")
        || name.indexOf(':') >= 0
        || !name.strip().equals(name)
        || name.codePoints().anyMatch(HomeNames::unseen)
        || name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > MOST_BYTES) {
      throw new FileRefused("\"" + asked + "\" is not the name of a home directory");
    }
    return name;
  }

  private static boolean unseen(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE;
  }

  /**
   * Refuses the ids of the system, of nobody, and of systemd's dynamic users.
   *
   * @throws FileRefused if no home directory may belong to {@code id}
   */
  static void checkId(String what, long id) throws FileRefused {
    if (id < 1000 || (id > 60000 && id < 65536) || id >= 0xffff_fffeL) {
      throw new FileRefused(what + " " + id + " is reserved for the system");
    }
  }
}
