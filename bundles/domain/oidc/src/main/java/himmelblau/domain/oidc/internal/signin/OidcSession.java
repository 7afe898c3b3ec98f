package himmelblau.domain.oidc.internal.signin;

import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SessionFeature;
import himmelblau.api.secret.Secret;
import java.util.List;
import java.util.Optional;

/** A completed sign-in. Takes over the renewal. Thread-safe. */
public final class OidcSession implements Session {
  private final DirectoryUser user;
  private final boolean multiFactor;
  private final List<Group> groups;
  private final Optional<Renewal> renewal;

  OidcSession(
      DirectoryUser user, boolean multiFactor, List<Group> groups, Optional<Renewal> renewal) {
    this.user = user;
    this.multiFactor = multiFactor;
    this.groups = groups;
    this.renewal = renewal;
  }

  @Override
  public DirectoryUser user() {
    return user;
  }

  @Override
  public boolean multiFactor() {
    return multiFactor;
  }

  @Override
  public Optional<List<Group>> groups() {
    return Optional.of(groups);
  }

  @Override
  public Optional<Secret> renewal() {
    return renewal.map(Renewal::secret);
  }

  @Override
  public <T extends SessionFeature> Optional<T> feature(Class<T> type) {
    return Optional.empty();
  }

  @Override
  public void close() {
    renewal.ifPresent(Renewal::close);
  }
}
