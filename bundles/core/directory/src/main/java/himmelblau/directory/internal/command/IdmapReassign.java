package himmelblau.directory.internal.command;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.login.ConversationClosed;
import himmelblau.directory.internal.DirectoryComponent;
import himmelblau.directory.internal.DirectoryEngine;
import himmelblau.directory.internal.assign.IdReassigner;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code aad-tool idmap reassign}: applies a changed idmap_range or id_attr_map. */
@Component(property = AdminCommand.COMMAND + "=idmap reassign")
public final class IdmapReassign implements AdminCommand {
  private final DirectoryEngine engine;

  @Activate
  public IdmapReassign(@Reference DirectoryComponent directory) {
    this(directory.engine());
  }

  IdmapReassign(DirectoryEngine engine) {
    this.engine = engine;
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "idmap reassign");
  }

  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    CommandOptions options = CommandOptions.of(arguments, "--dry-run");
    if (!options.clean()) {
      terminal.err(help());
      return 2;
    }
    boolean rehearsal = options.flag("--dry-run");
    List<IdReassigner.Move> moves = rehearsal ? engine.rehearse() : engine.reassign();
    for (IdReassigner.Move move : moves) {
      terminal.out(move.toString());
    }
    if (moves.isEmpty()) {
      terminal.err("all users and groups have the ids that the configuration requires");
    } else if (rehearsal) {
      terminal.err("This was a dry run: nothing was changed.");
    } else {
      terminal.err("Files keep the old ids: chown them, and have the users sign in again.");
    }
    return 0;
  }
}
