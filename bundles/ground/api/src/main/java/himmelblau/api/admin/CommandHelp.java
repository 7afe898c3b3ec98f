package himmelblau.api.admin;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The help of commands from the resource {@code commands} in the package of a class. The help of
 * aad-tool, its manual page and the shell completions are generated from the same files when the
 * project is built, so that they cannot differ ({@code runtime/commands} describes the format). A
 * command that is built elsewhere may return any text from {@link AdminCommand#help()}.
 * Thread-safe.
 */
public final class CommandHelp {
  private static final String RESOURCE = "commands";
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
    List<String> lines = lines(beside);
    int at = lines.indexOf("command " + command);
    if (at < 0) {
      throw new IllegalStateException(
          "The resource " + RESOURCE + " beside " + beside.getName() + " lacks " + command);
    }
    String usage = "";
    String who = "";
    String summary = "";
    StringBuilder more = new StringBuilder();
    for (String line : lines.subList(at + 1, lines.size())) {
      if (line.startsWith("usage")) {
        usage = line.substring("usage".length());
      } else if (line.startsWith("who ")) {
        who = line.equals("who root") ? "For root only." : "For everybody.";
      } else if (line.startsWith("summary ")) {
        summary = line.substring("summary ".length());
      } else if (line.startsWith(" ")) {
        more.append(line).append('\n');
      } else {
        break; // the next command, or the blank line before it
      }
    }
    return "Usage: aad-tool %s%s\n%s. %s\n\n%s%s"
        .formatted(command, usage, summary, who, COMMON, more)
        .stripTrailing();
  }

  private static List<String> lines(Class<?> beside) {
    try (InputStream in = beside.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        return List.of();
      }
      return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
