package himmelblau.shell.internal;

import himmelblau.api.admin.AdminCommands;
import himmelblau.api.admin.AdminTerminal;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;

/**
 * A command of aad-tool, or all that begin with one word, as a command of the shell.
 *
 * @param word the first word of the name
 */
record AadFunction(String word, AdminCommands commands) implements Function {
  /** The variable of a session that has the terminal of its user. */
  static final String TERMINAL = ".himmelblau.terminal";

  @Override
  public @Nullable Object execute(CommandSession session, List<Object> arguments) throws Exception {
    if (!(session.get(TERMINAL) instanceof AdminTerminal terminal)) {
      throw new IllegalStateException("This works in \"aad-tool shell\" only");
    }
    List<String> words = new ArrayList<>();
    words.add(word);
    arguments.forEach(argument -> words.add(String.valueOf(argument)));
    int code = commands.run(words, new GogoTerminal(terminal));
    if (code != 0) {
      throw new CommandFailed(word + " ended with status " + code);
    }
    return null;
  }

  /** The command has said why. */
  static final class CommandFailed extends Exception {
    private static final long serialVersionUID = 1L;

    CommandFailed(String message) {
      super(message);
    }
  }
}
