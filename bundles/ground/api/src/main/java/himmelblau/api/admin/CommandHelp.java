package himmelblau.api.admin;

/**
 * The help of commands from the resource {@code commands} in the package of a class ({@link
 * CommandDeclaration}). A command that is built elsewhere may return any text from {@link
 * AdminCommand#help()}. Thread-safe.
 */
public final class CommandHelp {
  private static final String COMMON =
      """
        -d, --debug             accepted; for details see the log of himmelblaud
        -h, --help              this text
      """;

  private CommandHelp() {}

  /**
   * The text of one command.
   *
   * @param beside a class in the package of the resource
   * @param command its words, such as {@code idmap user-add}
   * @throws IllegalStateException if the resource does not describe the command
   */
  public static String of(Class<?> beside, String command) {
    CommandDeclaration declared =
        CommandDeclaration.find(beside, command)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "The resource commands beside " + beside.getName() + " lacks " + command));
    StringBuilder more = new StringBuilder();
    declared.lines().forEach(line -> more.append(line).append('\n'));
    return "Usage: aad-tool %s\n%s. %s\n\n%s%s"
        .formatted(
            (command + " " + declared.usage()).stripTrailing(),
            declared.summary(),
            declared.anyone() ? "For everybody." : "For root only.",
            COMMON,
            more)
        .stripTrailing();
  }
}
