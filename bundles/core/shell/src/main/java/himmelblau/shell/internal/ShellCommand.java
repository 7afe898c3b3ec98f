package himmelblau.shell.internal;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.login.ConversationClosed;
import java.util.List;
import org.apache.felix.service.command.CommandProcessor;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code aad-tool shell}. */
@Component(property = AdminCommand.COMMAND + "=shell")
public final class ShellCommand implements AdminCommand {
  private final CommandProcessor processor;
  private final BundleNames names;

  @Activate
  public ShellCommand(@Reference CommandProcessor processor, BundleContext context) {
    this.processor = processor;
    this.names = new BundleNames(context);
  }

  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    if (!terminal.peer().root()) { // the dispatcher has looked already; this is worth two looks
      terminal.err("This command must be run as root.");
      return 1;
    }
    GogoSession session = new GogoSession(processor, names, terminal);
    return arguments.isEmpty()
        ? session.interact(terminal.interactive())
        : session.once(String.join(" ", arguments));
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "shell");
  }
}
