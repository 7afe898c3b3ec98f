package himmelblau.machine.internal;

import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandHelp;

/** {@code aad-tool cred delete}. */
final class CredDeleteCommand extends Command {
  private final CredentialVault credentials;

  CredDeleteCommand(CredentialVault credentials) {
    super("cred delete", "Delete a domain's credentials");
    this.credentials = credentials;
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "cred delete");
  }

  @Override
  int run(CommandArguments arguments, AdminTerminal terminal) throws CommandArguments.WrongUsage {
    String domain = arguments.only("--domain", "--secret", "--cert").domain();
    boolean both = arguments.has("--secret") == arguments.has("--cert");
    if (both || arguments.has("--secret")) {
      credentials.deleteSecret(domain);
    }
    if (both || arguments.has("--cert")) {
      credentials.deleteCertificate(domain);
    }
    return 0;
  }
}
