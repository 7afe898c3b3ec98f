package himmelblau.domain.oidc.internal.command;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandArguments;
import himmelblau.api.admin.CommandArguments.WrongUsage;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Machine;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.store.StoreException;
import himmelblau.api.store.Vault;
import himmelblau.domain.oidc.internal.client.ClientKey;
import himmelblau.domain.oidc.internal.client.PublicJwk;
import java.util.List;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code aad-tool oidc key}: the key set that an administrator registers at the issuer. */
@Component(property = AdminCommand.COMMAND + "=oidc key")
public final class OidcKey implements AdminCommand {
  private final Vault vault;
  private final Machine machine;

  @Activate
  public OidcKey(@Reference Vault vault, @Reference Machine machine) {
    this.vault = vault;
    this.machine = machine;
  }

  @Override
  public String help() {
    return CommandHelp.of(OidcKey.class, "oidc key");
  }

  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    try {
      CommandArguments parsed = CommandArguments.parse(arguments, Set.of("--new"), Set.of());
      parsed.only("--domain", "--new");
      ClientKey key = new ClientKey(DomainOption.of(parsed), vault, machine);
      if (parsed.has("--new") || !key.present()) {
        key.make();
      }
      try (Key open = key.open().orElseThrow()) {
        terminal.out(PublicJwk.keySet(open));
      }
      return 0;
    } catch (WrongUsage e) {
      terminal.err(e.reason());
      terminal.err(help());
      return 2;
    } catch (KeyStoreUnavailable | StoreException e) {
      terminal.err(String.valueOf(e.getMessage()));
      return 1;
    }
  }
}
