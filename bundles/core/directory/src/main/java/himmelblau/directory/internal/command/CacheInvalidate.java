package himmelblau.directory.internal.command;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.login.ConversationClosed;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code aad-tool cache-invalidate}: the old name of {@code cache-clear}. */
@Component(property = AdminCommand.COMMAND + "=cache-invalidate")
public final class CacheInvalidate implements AdminCommand {
  private final AdminCommand clear;

  @Activate
  public CacheInvalidate(
      @Reference(target = "(" + AdminCommand.COMMAND + "=cache-clear)") AdminCommand clear) {
    this.clear = clear;
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "cache-invalidate");
  }

  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    return clear.run(arguments, terminal);
  }
}
