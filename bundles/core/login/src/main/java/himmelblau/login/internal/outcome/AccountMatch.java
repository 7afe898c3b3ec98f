package himmelblau.login.internal.outcome;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.domain.DomainProvider;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.login.internal.conversation.SignInEnded;
import java.util.Optional;
import java.util.UUID;

/** Checks that the account that signed in is the account that was requested. */
final class AccountMatch {
  private AccountMatch() {}

  /**
   * @param known the object id of {@code asked} on this host; if present, it decides
   */
  static void check(
      AccountName asked, Optional<UUID> known, DirectoryUser signedIn, DomainProvider domain)
      throws SignInEnded {
    UUID actual =
        signedIn.objectId().orElseThrow(() -> SignInEnded.denied(PromptTexts.DATA_MISSING));
    boolean same =
        known.isPresent() ? known.get().equals(actual) : sameName(asked, signedIn.name(), domain);
    if (!same) {
      throw SignInEnded.denied(
          PromptTexts.OTHER_ACCOUNT.replace("{user}", signedIn.name().toString()));
    }
  }

  /**
   * Whether the name belongs to a different account now: it was deleted and created again, or given
   * to another user. The directory bundle refuses that and records it, so that the user is not
   * asked for a second factor again.
   */
  static boolean replaced(AccountName asked, Optional<UUID> known, DirectoryUser signedIn) {
    return known.isPresent()
        && signedIn.objectId().isPresent()
        && !known.equals(signedIn.objectId())
        && asked.equals(signedIn.name());
  }

  /** Equal, or equal but for the domain, where both domains are of one tenant. */
  private static boolean sameName(AccountName asked, AccountName actual, DomainProvider domain) {
    return asked.local().equals(actual.local())
        && (asked.domain().equals(actual.domain())
            || (serves(domain, asked.domain()) && serves(domain, actual.domain())));
  }

  static boolean serves(DomainProvider domain, String name) {
    return domain.domain().equals(name) || domain.aliases().contains(name);
  }
}
