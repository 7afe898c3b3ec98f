package himmelblau.domain.oidc.internal.command;

import himmelblau.api.admin.CommandArguments;
import himmelblau.api.admin.CommandArguments.WrongUsage;
import java.util.Locale;

/** The option {@code --domain}, which becomes a part of names in the vault. */
final class DomainOption {
  private DomainOption() {}

  /** Lower case. */
  static String of(CommandArguments arguments) throws WrongUsage {
    String domain = arguments.require("--domain").toLowerCase(Locale.ROOT);
    if (!domain.matches("[a-z0-9-]{1,63}(\\.[a-z0-9-]{1,63})*") || domain.length() > 253) {
      throw new WrongUsage("Not a domain: " + domain);
    }
    return domain;
  }
}
