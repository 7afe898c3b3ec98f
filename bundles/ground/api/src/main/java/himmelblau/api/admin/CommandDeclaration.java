package himmelblau.api.admin;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A command as the resource {@code commands} describes it, beside the class that runs it. The
 * resource is the only place of name, summary, options and of who may run the command: the help of
 * aad-tool, its manual page and the completions are made of the same files ({@code
 * runtime/commands} describes the format). A bundle that is built elsewhere may have such a
 * resource too, or say the same with service properties ({@link AdminCommand}). Immutable.
 *
 * @param name the words, such as {@code idmap user-add}
 * @param anyone whether users other than root may run it; false unless the resource says so
 * @param summary one line without a full stop; may be empty
 * @param usage what follows the words; may be empty
 * @param lines options and text of the help, as they stand
 */
public record CommandDeclaration(
    String name, boolean anyone, String summary, String usage, List<String> lines) {
  private static final String RESOURCE = "commands";

  /** Copies the list. */
  public CommandDeclaration {
    lines = List.copyOf(lines);
  }

  /**
   * The declaration of one command.
   *
   * @param beside a class in the package of the resource
   * @param name its words
   * @return empty if there is no resource, or it does not describe the command
   * @throws UncheckedIOException if the resource cannot be read
   */
  public static Optional<CommandDeclaration> find(Class<?> beside, String name) {
    List<String> all = resource(beside);
    int at = all.indexOf("command " + name);
    if (at < 0) {
      return Optional.empty();
    }
    boolean anyone = false;
    String summary = "";
    String usage = "";
    List<String> more = new ArrayList<>();
    for (String line : all.subList(at + 1, all.size())) {
      if (line.startsWith("usage")) {
        usage = line.substring("usage".length()).strip();
      } else if (line.startsWith("who ")) {
        anyone = line.equals("who anyone");
      } else if (line.startsWith("summary ")) {
        summary = line.substring("summary ".length());
      } else if (line.startsWith(" ")) {
        more.add(line);
      } else {
        break; // the next command, or the blank line before it
      }
    }
    return Optional.of(new CommandDeclaration(name, anyone, summary, usage, more));
  }

  private static List<String> resource(Class<?> beside) {
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
