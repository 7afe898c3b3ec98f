package himmelblau.domain.entra.internal.command;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandArguments;
import himmelblau.api.admin.CommandArguments.WrongUsage;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.store.StoreException;
import himmelblau.domain.entra.internal.client.StoredCredentials;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Base of the commands {@code aad-tool cred …}: reports failures and wrong usage. */
abstract class CredentialCommand implements AdminCommand {
  private static final Set<String> FLAG_OR_NOT = Set.of("--secret", "--cert");

  private final String words;
  private final OpenCredentials credentials;

  CredentialCommand(String words, OpenCredentials credentials) {
    this.words = words;
    this.credentials = credentials;
  }

  @Override
  public String help() {
    return CommandHelp.of(CredentialCommand.class, words);
  }

  /** Runs the command; an exception becomes a line on standard error. */
  abstract int run(
      CommandArguments arguments, AdminTerminal terminal, StoredCredentials credentials)
      throws ConversationClosed, WrongUsage, KeyStoreUnavailable;

  @Override
  public final int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    try {
      CommandArguments parsed = CommandArguments.parse(arguments, Set.of(), FLAG_OR_NOT);
      return run(parsed, terminal, credentials.get());
    } catch (WrongUsage e) {
      terminal.err(e.reason());
      terminal.err(help());
      return 2;
    } catch (KeyStoreUnavailable | StoreException e) {
      terminal.err(String.valueOf(e.getMessage()));
      return 1;
    }
  }

  /** A domain, lower case. */
  static String domain(CommandArguments arguments) throws WrongUsage {
    String domain = arguments.require("--domain").toLowerCase(Locale.ROOT);
    if (!domain.matches("[a-z0-9-]{1,63}(\\.[a-z0-9-]{1,63})*") || domain.length() > 253) {
      throw new WrongUsage("Not a domain: " + domain);
    }
    return domain;
  }

  /** An application's id. */
  static String clientId(CommandArguments arguments) throws WrongUsage {
    String id = arguments.require("--client-id");
    if (!id.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new WrongUsage("Not an application id: " + id);
    }
    return id;
  }
}
