package himmelblau.domain.oidc.internal.signin;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.Group;
import java.util.List;
import java.util.Optional;

/**
 * Who an ID token is about.
 *
 * @param subject the immutable id at the issuer
 * @param name the account name; empty if the token has none that can be one
 * @param multiFactor whether the token says that two factors were proven
 */
public record IssuerUser(
    String subject,
    Optional<AccountName> name,
    String displayName,
    List<Group> groups,
    boolean multiFactor) {
  public IssuerUser {
    groups = List.copyOf(groups);
  }

  /** Whether it is about that account. */
  public boolean is(AccountName asked) {
    return name.filter(asked::equals).isPresent();
  }
}
