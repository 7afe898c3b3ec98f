package himmelblau.config.internal;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.login.ConversationClosed;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code aad-tool config}. */
@Component(
    property = {
      AdminCommand.COMMAND + "=config",
      AdminCommand.SUMMARY + "=Show the effective configuration, or read it again"
    })
public final class ConfigCommand implements AdminCommand {
  private final ConfigComponent config;

  @Activate
  public ConfigCommand(@Reference ConfigComponent config) {
    this.config = config;
  }

  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    if (arguments.equals(List.of("reload"))) {
      Optional<String> wrong = config.reload();
      if (wrong.isPresent()) {
        terminal.err(wrong.get());
        return 1;
      }
      return 0;
    }
    if (!arguments.isEmpty()) {
      terminal.err(help());
      return 2;
    }
    try {
      EffectiveConfig effective = config.reader().read();
      for (String line : ConfigDump.lines(effective, config.found().in(effective))) {
        terminal.out(line);
      }
      return 0;
    } catch (ConfigException e) {
      terminal.err("The configuration is not valid: " + e.getMessage());
      return 1;
    }
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "config");
  }
}
