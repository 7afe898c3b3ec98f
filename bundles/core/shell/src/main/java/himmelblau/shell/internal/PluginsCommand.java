package himmelblau.shell.internal;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.login.ConversationClosed;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** {@code aad-tool plugins}. */
@Component(property = AdminCommand.COMMAND + "=plugins")
public final class PluginsCommand implements AdminCommand {
  private final Plugins plugins;

  @Activate
  public PluginsCommand(
      BundleContext context,
      @Reference ServiceComponentRuntime runtime,
      @Reference PluginTimes times) {
    this.plugins = new Plugins(runtime, context, times);
  }

  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    if (!arguments.isEmpty() && !arguments.equals(List.of("--all"))) {
      terminal.err(help());
      return 2;
    }
    for (String line : plugins.lines(!arguments.isEmpty())) {
      terminal.out(line);
    }
    return 0;
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "plugins");
  }
}
