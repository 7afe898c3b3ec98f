package himmelblau.api.admin;

import himmelblau.api.login.ConversationClosed;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The registered commands, and the one way to run them: whoever brings a command line here gets the
 * same check of who may run it, and the same line in the log. Thread-safe; running blocks.
 */
@ProviderType
public interface AdminCommands {
  /** What is registered now: of several commands with one name, the one that would be run. */
  List<CommandDeclaration> all();

  /**
   * Runs the command that the words begin with, or shows help if they say {@code help}, {@code -h}
   * or {@code --help}. Whether it may be run is decided by {@link AdminTerminal#peer()}.
   *
   * @param words the name of the command and its arguments
   * @param terminal where it reads and writes; what cannot be seen is replaced before it is shown
   * @return the exit code: 0 success, 1 failure or refusal, 2 wrong usage or unknown command
   * @throws ConversationClosed if the terminal is gone
   * @throws InterruptedException if the session ends while a command is waited for
   */
  int run(List<String> words, AdminTerminal terminal)
      throws ConversationClosed, InterruptedException;
}
