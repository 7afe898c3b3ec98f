package himmelblau.domain.entra.internal.command;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandArguments;
import himmelblau.api.admin.CommandArguments.WrongUsage;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.client.StoredCredentials;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code aad-tool cred secret}. */
@Component(service = AdminCommand.class, property = AdminCommand.COMMAND + "=cred secret")
public final class CredSecret extends CredentialCommand {
  @Activate
  public CredSecret(@Reference OpenCredentials credentials) {
    super("cred secret", credentials);
  }

  @Override
  int run(CommandArguments arguments, AdminTerminal terminal, StoredCredentials credentials)
      throws ConversationClosed, WrongUsage, KeyStoreUnavailable {
    arguments.only("--client-id", "--domain", "--secret");
    String clientId = clientId(arguments);
    String domain = domain(arguments);
    String given = arguments.require("--secret");
    Optional<Secret> secret =
        given.equals("-")
            ? terminal.askHidden("Client secret: ")
            : Optional.of(Secret.ofText(given));
    if (secret.isEmpty()) {
      return 1;
    }
    try (Secret value = secret.get()) {
      if (value.isEmpty()) {
        throw new WrongUsage("The secret is empty");
      }
      credentials.storeSecret(domain, clientId, value);
    }
    return 0;
  }
}
