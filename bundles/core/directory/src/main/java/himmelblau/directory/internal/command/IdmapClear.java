package himmelblau.directory.internal.command;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.login.ConversationClosed;
import himmelblau.directory.internal.DirectoryComponent;
import himmelblau.directory.internal.DirectoryEngine;
import himmelblau.directory.internal.store.StaticIds;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code aad-tool idmap clear}. */
@Component(property = AdminCommand.COMMAND + "=idmap clear")
public final class IdmapClear implements AdminCommand {
  private final DirectoryEngine engine;

  @Activate
  public IdmapClear(@Reference DirectoryComponent directory) {
    this(directory.engine());
  }

  IdmapClear(DirectoryEngine engine) {
    this.engine = engine;
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "idmap clear");
  }

  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    if (!arguments.isEmpty()) {
      terminal.err(help());
      return 2;
    }
    engine
        .area()
        .write(
            c -> {
              StaticIds.clear(c);
              return true;
            });
    engine.staticIdsChanged();
    return 0;
  }
}
