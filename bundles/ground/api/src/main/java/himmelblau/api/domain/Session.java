package himmelblau.api.domain;

import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.secret.Secret;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** The result of a completed sign-in. Closing it wipes the tokens it holds. Thread-safe. */
@ConsumerType
public interface Session extends AutoCloseable {
  /** The account that signed in, with object id and tenant, as the directory says. */
  DirectoryUser user();

  /**
   * Whether a second factor, or a factor that counts as two, was proven in this sign-in, according
   * to the tokens that the directory issued. If a second factor was required ({@link
   * SignInPolicy#forceMfa}), the login bundle refuses the sign-in when this is false.
   */
  boolean multiFactor();

  /**
   * The user's groups, transitive.
   *
   * @return empty when the directory did not answer (no permission, no network): the caller keeps
   *     the known groups
   */
  Optional<List<Group>> groups();

  /**
   * What {@link DomainProvider#renew} takes later (a PRT, a refresh token): opaque to all but the
   * provider that made it. The caller owns the copy and seals it before storing it. Empty when the
   * directory gave none.
   */
  Optional<Secret> renewal();

  /**
   * What only some directories give after a sign-in, such as a {@link LogonToken} or a {@link
   * Picture}. Does not reach the network.
   *
   * @param type the type of the feature
   * @return empty when the directory does not have it; otherwise usable until the session is
   *     closed, if its type does not say otherwise
   */
  <T extends SessionFeature> Optional<T> feature(Class<T> type);

  @Override
  void close();
}
