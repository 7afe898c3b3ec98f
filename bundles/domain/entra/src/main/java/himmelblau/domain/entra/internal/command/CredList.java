package himmelblau.domain.entra.internal.command;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandArguments;
import himmelblau.api.admin.CommandArguments.WrongUsage;
import himmelblau.api.login.ConversationClosed;
import himmelblau.domain.entra.internal.client.StoredCredentials;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code aad-tool cred list}. */
@Component(service = AdminCommand.class, property = AdminCommand.COMMAND + "=cred list")
public final class CredList extends CredentialCommand {
  @Activate
  public CredList(@Reference OpenCredentials credentials) {
    super("cred list", credentials);
  }

  @Override
  int run(CommandArguments arguments, AdminTerminal terminal, StoredCredentials credentials)
      throws ConversationClosed, WrongUsage {
    String domain = domain(arguments.only("--domain"));
    terminal.out("Client secret: " + shown(credentials.hasSecret(domain)));
    terminal.out("Client certificate: " + shown(credentials.hasCertificate(domain)));
    return 0;
  }

  private static String shown(boolean present) {
    return present ? "Present" : "Not present";
  }
}
