package himmelblau.shell.internal;

/** Gogo's {@code help} does not know what the commands of aad-tool say of themselves; they do. */
final class HelpLine {
  private static final String ASKED = "help " + AadScope.SCOPE + ":";

  private HelpLine() {}

  /** {@code aad:NAME --help} for {@code help aad:NAME}; other lines as they are. */
  static String resolve(String line) {
    String plain = line.strip().replaceAll("\\s+", " ");
    return plain.startsWith(ASKED) ? plain.substring("help ".length()) + " --help" : line;
  }
}
