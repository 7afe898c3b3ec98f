package himmelblau.sso.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandArguments;
import himmelblau.api.admin.CommandArguments.WrongUsage;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.directory.Directory;
import himmelblau.api.login.ConversationClosed;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code aad-tool sso forget}. */
@Component(property = AdminCommand.COMMAND + "=sso forget")
public final class SsoForget implements AdminCommand {
  private final SsoService service;
  private final Directory directory;

  @Activate
  public SsoForget(@Reference SsoComponent component, @Reference Directory directory) {
    this(component.service(), directory);
  }

  SsoForget(SsoService service, Directory directory) {
    this.service = service;
    this.directory = directory;
  }

  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    String typed;
    try {
      typed = CommandArguments.parse(arguments).only("--name").require("--name");
    } catch (WrongUsage e) {
      terminal.err(e.reason());
      terminal.err(help());
      return 2;
    }
    Optional<AccountName> name = directory.resolve(typed);
    if (name.isEmpty() || !service.forget(name.get())) {
      terminal.err(typed + " has no single sign-on on this host.");
      return 1;
    }
    terminal.out("success");
    return 0;
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "sso forget");
  }
}
