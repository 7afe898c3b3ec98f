package himmelblau.api.domain;

import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.secret.Secret;
import java.util.List;
import java.util.Optional;

/** The result of a completed sign-in. Closing it wipes the tokens it holds. Thread-safe. */
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
   * A token for the host's logon script: {@code ACCESS_TOKEN} for {@code logon_token_scopes}
   * (host-behaviour 6.5). Blocks while it asks the directory; never throws. The caller closes it.
   *
   * @return empty when no scopes are configured or the directory gives none now
   */
  default Optional<Secret> logonToken() {
    return Optional.empty();
  }

  /**
   * Where the user's picture is, to be fetched later and without this session. Does not reach the
   * network. The caller closes it.
   *
   * @return empty when the directory keeps no pictures
   */
  default Optional<Picture> picture() {
    return Optional.empty();
  }

  @Override
  void close();
}
