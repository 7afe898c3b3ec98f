package himmelblau.machine.internal;

import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.login.ConversationClosed;
import java.security.cert.CertificateEncodingException;

/** {@code aad-tool cred cert}. The certificate is printed; aad-tool writes the file. */
final class CredCertCommand extends Command {
  private static final int MOST_DAYS = 3660;

  private final CredentialVault credentials;

  CredCertCommand(CredentialVault credentials) {
    super("cred cert", "Make a key and certificate for a domain");
    this.credentials = credentials;
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "cred cert");
  }

  @Override
  int run(CommandArguments arguments, AdminTerminal terminal)
      throws ConversationClosed, CommandArguments.WrongUsage, KeyStoreUnavailable {
    arguments.only("--client-id", "--domain", "--valid-days", "--cert-out");
    String clientId = arguments.clientId();
    String domain = arguments.domain();
    int days = days(arguments.require("--valid-days"));
    if (!arguments.require("--cert-out").equals("-")) {
      throw new CommandArguments.WrongUsage(
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

  private static int days(String text) throws CommandArguments.WrongUsage {
    if (text.matches("[0-9]{1,4}")) {
      int days = Integer.parseInt(text);
      if (days >= 1 && days <= MOST_DAYS) {
        return days;
      }
    }
    throw new CommandArguments.WrongUsage("--valid-days is a number from 1 to " + MOST_DAYS);
  }
}
