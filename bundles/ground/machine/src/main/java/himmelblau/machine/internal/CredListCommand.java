package himmelblau.machine.internal;

import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.login.ConversationClosed;

/** {@code aad-tool cred list}. */
final class CredListCommand extends Command {
  private final CredentialVault credentials;

  CredListCommand(CredentialVault credentials) {
    super("cred list", "Show which credentials a domain has");
    this.credentials = credentials;
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "cred list");
  }

  @Override
  int run(CommandArguments arguments, AdminTerminal terminal)
      throws ConversationClosed, CommandArguments.WrongUsage {
    String domain = arguments.only("--domain").domain();
    terminal.out("Client secret: " + deviceMonitor(credentials.hasSecret(domain)));
    terminal.out("Client certificate: " + deviceMonitor(credentials.hasCertificate(domain)));
    return 0;
  }

  private static String deviceMonitor(boolean present) {
    return present ? "Present" : "Not present";
  }
}
