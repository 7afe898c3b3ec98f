package himmelblau.socket.internal;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminCommands;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandDeclaration;
import himmelblau.api.login.ConversationClosed;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The commands of all bundles, for the admin socket and for the shell. */
@Component(service = {AdminCommands.class, CommandService.class})
public final class CommandService implements AdminCommands {
  private final CommandTable table = new CommandTable();
  private final CommandRunner runner = new CommandRunner(table);

  @Activate
  public CommandService() {}

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindCommand(AdminCommand command, Map<String, Object> properties) {
    table.add(command, properties);
  }

  void unbindCommand(AdminCommand command) {
    table.remove(command);
  }

  CommandRunner runner() {
    return runner;
  }

  @Override
  public List<CommandDeclaration> all() {
    return table.all().stream().map(CommandTable.Entry::declaration).toList();
  }

  @Override
  public int run(List<String> words, AdminTerminal terminal)
      throws ConversationClosed, InterruptedException {
    return runner.run(words, new PlainTerminal(terminal), CommandRunner.id());
  }
}
