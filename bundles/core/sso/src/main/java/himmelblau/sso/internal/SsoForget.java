package himmelblau.sso.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandArguments;
import himmelblau.api.admin.CommandArguments.WrongUsage;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.directory.Account;
import himmelblau.api.directory.Directory;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.Peer;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code aad-tool sso forget}: root for anybody, others for themselves by the uid of the peer. */
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
    Peer peer = terminal.peer();
    Optional<String> typed;
    try {
      CommandArguments given = CommandArguments.parse(arguments).only("--name");
      typed = peer.root() ? Optional.of(given.require("--name")) : given.find("--name");
    } catch (WrongUsage e) {
      terminal.err(e.reason());
      terminal.err(help());
      return 2;
    }
    Optional<AccountName> own =
        peer.root() ? Optional.empty() : directory.account(peer.uid()).map(Account::name);
    Optional<AccountName> meant = typed.isEmpty() ? own : directory.resolve(typed.get());
    if (!peer.root() && !meant.equals(own)) {
      terminal.err("To end it for another user, run this command as root.");
      return 1;
    }
    if (meant.isEmpty() || !service.forget(meant.get(), by(peer))) {
      terminal.err(typed.orElse("Your account") + " has no single sign-on on this host.");
      return 1;
    }
    terminal.out("success");
    return 0;
  }

  private static String by(Peer peer) {
    return peer.root() ? SsoService.ADMINISTRATOR : "the user";
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "sso forget");
  }
}
