package himmelblau.domain.entra.internal.command;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandArguments;
import himmelblau.api.admin.CommandArguments.WrongUsage;
import himmelblau.domain.entra.internal.client.StoredCredentials;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code aad-tool cred delete}. */
@Component(service = AdminCommand.class, property = AdminCommand.COMMAND + "=cred delete")
public final class CredDelete extends CredentialCommand {
  @Activate
  public CredDelete(@Reference OpenCredentials credentials) {
    super("cred delete", credentials);
  }

  @Override
  int run(CommandArguments arguments, AdminTerminal terminal, StoredCredentials credentials)
      throws WrongUsage {
    String domain = domain(arguments.only("--domain", "--secret", "--cert"));
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
