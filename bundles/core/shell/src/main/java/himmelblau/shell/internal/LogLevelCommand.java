package himmelblau.shell.internal;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.login.ConversationClosed;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** {@code aad-tool loglevel}. */
@Component(property = AdminCommand.COMMAND + "=loglevel")
public final class LogLevelCommand implements AdminCommand {
  /** The launcher's logger reads it for each line. */
  private static final String DEBUG = "himmelblau.debug";

  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    if (arguments.equals(List.of("debug")) || arguments.equals(List.of("info"))) {
      System.setProperty(DEBUG, String.valueOf(arguments.getFirst().equals("debug")));
    } else if (!arguments.isEmpty()) {
      terminal.err(help());
      return 2;
    }
    terminal.out(Boolean.getBoolean(DEBUG) ? "debug" : "info");
    return 0;
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "loglevel");
  }
}
