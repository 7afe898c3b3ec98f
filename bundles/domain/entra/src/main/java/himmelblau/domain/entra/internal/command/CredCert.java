package himmelblau.domain.entra.internal.command;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandArguments;
import himmelblau.api.admin.CommandArguments.WrongUsage;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.login.ConversationClosed;
import himmelblau.domain.entra.internal.client.SelfSigned;
import himmelblau.domain.entra.internal.client.StoredCredentials;
import java.security.cert.CertificateEncodingException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code aad-tool cred cert}. The certificate is printed; aad-tool writes the file. */
@Component(service = AdminCommand.class, property = AdminCommand.COMMAND + "=cred cert")
public final class CredCert extends CredentialCommand {
  private static final int MOST_DAYS = 3660;

  @Activate
  public CredCert(@Reference OpenCredentials credentials) {
    super("cred cert", credentials);
  }

  @Override
  int run(CommandArguments arguments, AdminTerminal terminal, StoredCredentials credentials)
      throws ConversationClosed, WrongUsage, KeyStoreUnavailable {
    arguments.only("--client-id", "--domain", "--valid-days", "--cert-out");
    String clientId = clientId(arguments);
    String domain = domain(arguments);
    int days = days(arguments.require("--valid-days"));
    if (!arguments.require("--cert-out").equals("-")) {
      throw new WrongUsage(
          "The service cannot write that file; this aad-tool is a different version. Use "
              + "--cert-out -");
    }
    try {
      terminal.out(SelfSigned.pem(credentials.makeCertificate(domain, clientId, days)));
      return 0;
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("The certificate cannot be encoded", e);
    }
  }

  private static int days(String text) throws WrongUsage {
    if (text.matches("[0-9]{1,4}")) {
      int days = Integer.parseInt(text);
      if (days >= 1 && days <= MOST_DAYS) {
        return days;
      }
    }
    throw new WrongUsage("--valid-days is a number from 1 to " + MOST_DAYS);
  }
}
