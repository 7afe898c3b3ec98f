package himmelblau.api.domain;

import himmelblau.api.account.Group;
import himmelblau.api.account.Person;
import himmelblau.api.secret.Secret;
import java.util.List;
import java.util.Optional;

/** What a completed sign-in yields. Closing it wipes the tokens it holds. Thread-safe. */
public interface Session extends AutoCloseable {
  /** The account that signed in, with object id and tenant, as the directory says. */
  Person person();

  /** Whether a second factor, or a factor that counts as two, was proven in this sign-in. */
  boolean multiFactor();

  /**
   * The person's groups, transitive.
   *
   * @return empty when the directory did not tell (no permission, no network): the caller keeps
   *     what it knew
   */
  Optional<List<Group>> groups();

  /**
   * What {@link DomainProvider#renew} takes later (a PRT, a refresh token): opaque to all but the
   * provider that made it. The caller owns the copy and seals it before it keeps it. Empty when the
   * directory gave none.
   */
  Optional<Secret> renewal();

  @Override
  void close();
}
