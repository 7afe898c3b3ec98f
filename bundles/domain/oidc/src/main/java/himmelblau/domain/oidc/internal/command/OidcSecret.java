package himmelblau.domain.oidc.internal.command;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandArguments;
import himmelblau.api.admin.CommandArguments.WrongUsage;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.secret.Secret;
import himmelblau.api.store.StoreException;
import himmelblau.api.store.Vault;
import himmelblau.domain.oidc.internal.client.ClientSecret;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** {@code aad-tool oidc secret}: stores the secret of the client, which is never shown. */
@Component(property = AdminCommand.COMMAND + "=oidc secret")
public final class OidcSecret implements AdminCommand {
  private static final int LONGEST = 4096;

  private final Vault vault;
  private final Map<String, ClientSecret> clients = new ConcurrentHashMap<>();

  @Activate
  public OidcSecret(@Reference Vault vault) {
    this.vault = vault;
  }

  /** Of a domain that is configured now. */
  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  public void addClient(ClientSecret client, Map<String, Object> properties) {
    clients.put(String.valueOf(properties.get(DomainProvider.DOMAIN)), client);
  }

  public void removeClient(ClientSecret client) {
    clients.values().remove(client);
  }

  @Override
  public String help() {
    return CommandHelp.of(OidcSecret.class, "oidc secret");
  }

  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    try {
      CommandArguments parsed = CommandArguments.parse(arguments, Set.of("--delete"), Set.of());
      String domain = DomainOption.of(parsed.only("--domain", "--delete"));
      if (parsed.has("--delete")) {
        ClientSecret.delete(domain, vault);
        return 0;
      }
      ClientSecret client = clients.get(domain);
      if (client == null) {
        terminal.err(
            "No client of an issuer is configured for "
                + domain
                + ": set oidc_issuer_url and app_id first, since a secret is kept for both");
        return 1;
      }
      return store(client, terminal);
    } catch (WrongUsage e) {
      terminal.err(e.reason());
      terminal.err(help());
      return 2;
    } catch (KeyStoreUnavailable | StoreException e) {
      terminal.err(String.valueOf(e.getMessage()));
      return 1;
    }
  }

  private static int store(ClientSecret client, AdminTerminal terminal)
      throws ConversationClosed, KeyStoreUnavailable {
    Optional<Secret> given = terminal.askHidden("Client secret: ");
    if (given.isEmpty()) {
      return 1;
    }
    try (Secret secret = given.get()) {
      if (!secret.use(OidcSecret::possible)) {
        terminal.err("A client secret has 1 to " + LONGEST + " printable ASCII characters");
        return 1;
      }
      client.store(secret);
    }
    return 0;
  }

  /** RFC 6749 appendix A.2. */
  private static boolean possible(byte[] secret) {
    for (byte each : secret) {
      if (each < 0x20 || each > 0x7e) {
        return false;
      }
    }
    return secret.length > 0 && secret.length <= LONGEST;
  }
}
