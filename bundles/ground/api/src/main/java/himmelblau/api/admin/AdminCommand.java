package himmelblau.api.admin;

import himmelblau.api.login.ConversationClosed;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A command of {@code aad-tool} that runs in the daemon, and of the scope {@code aad} in {@code
 * aad-tool shell}. Register with the property {@link #COMMAND}. Summary, options and who may run it
 * stand in the resource {@code commands} beside the class ({@link CommandDeclaration}); a command
 * that no such resource describes may have the properties {@link #SUMMARY} and {@link #ANYONE}
 * instead. Where neither says that anyone may run it, only root may. Any bundle may register
 * commands.
 */
@ConsumerType
public interface AdminCommand {
  /**
   * Service property: the name of the command, such as {@code cache-clear} or {@code idmap
   * user-add}.
   */
  String COMMAND = "himmelblau.admin.command";

  /** Service property: one line for {@code aad-tool help}, if no resource describes the command. */
  String SUMMARY = "himmelblau.admin.summary";

  /**
   * Service property (Boolean, default false): callable by any uid, if no resource describes the
   * command.
   */
  String ANYONE = "himmelblau.admin.anyone";

  /**
   * Service property (Boolean, default false): run again and again by a program, such as
   * monitoring, and changes nothing. Its runs are logged at the level debug, and are no audit
   * events.
   */
  String ROUTINE = "himmelblau.admin.routine";

  /**
   * Runs the command.
   *
   * @param arguments the arguments after the name of the command
   * @return the exit code: 0 success, 1 failure, 2 wrong usage
   */
  int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed;

  /** The text of {@code --help}. */
  String help();
}
