package himmelblau.machine.internal;

import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.secret.Secret;
import java.util.Optional;

/** {@code aad-tool cred secret}. */
final class CredSecretCommand extends Command {
  private final CredentialVault credentials;

  CredSecretCommand(CredentialVault credentials) {
    super("cred secret", "Store a client secret for a domain");
    this.credentials = credentials;
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "cred secret");
  }

  @Override
  int run(CommandArguments arguments, AdminTerminal terminal)
      throws ConversationClosed, CommandArguments.WrongUsage, KeyStoreUnavailable {
    arguments.only("--client-id", "--domain", "--secret");
    String clientId = arguments.clientId();
    String domain = arguments.domain();
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
        throw new CommandArguments.WrongUsage("The secret is empty");
      }
      credentials.keepSecret(domain, clientId, value);
    }
    return 0;
  }
}
