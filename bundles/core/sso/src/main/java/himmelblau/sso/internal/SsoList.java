package himmelblau.sso.internal;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.login.ConversationClosed;
import java.util.Comparator;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code aad-tool sso list}. */
@Component(property = AdminCommand.COMMAND + "=sso list")
public final class SsoList implements AdminCommand {
  private final SsoService service;

  @Activate
  public SsoList(@Reference SsoComponent component) {
    this(component.service());
  }

  SsoList(SsoService service) {
    this.service = service;
  }

  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    if (!arguments.isEmpty()) {
      terminal.err(help());
      return 2;
    }
    List<Held> all =
        service.all().stream().sorted(Comparator.comparing(held -> held.name().upn())).toList();
    for (Held held : all) {
      terminal.out(held.name() + "  signed in " + held.signedIn() + "  renewed " + held.renewed());
    }
    if (all.isEmpty()) {
      terminal.out("No user has single sign-on on this host.");
    }
    return 0;
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "sso list");
  }
}
