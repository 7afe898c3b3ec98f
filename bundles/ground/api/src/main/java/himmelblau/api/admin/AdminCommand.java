package himmelblau.api.admin;

import himmelblau.api.login.ConversationClosed;
import java.util.List;

/**
 * A command of {@code aad-tool} that runs in the daemon. Register with {@link #COMMAND} and {@link
 * #SUMMARY}; {@link #ANYONE} where it is not for root only. Each bundle may bring its own.
 */
public interface AdminCommand {
  /** Service property: the words, such as {@code cache-clear} or {@code idmap user-add}. */
  String COMMAND = "himmelblau.admin.command";

  /** Service property: one line for {@code aad-tool help}. */
  String SUMMARY = "himmelblau.admin.summary";

  /** Service property (Boolean, default false): callable by any uid. */
  String ANYONE = "himmelblau.admin.anyone";

  /**
   * Runs it.
   *
   * @param arguments the words after the command's own
   * @return the exit code: 0 fine, 1 failed, 2 wrong usage
   */
  int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed;

  /** The text of {@code --help}. */
  String help();
}
