package example.roster;

import himmelblau.api.account.Group;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SessionFeature;
import himmelblau.api.secret.Secret;
import java.util.List;
import java.util.Optional;

/** A completed sign-in. Takes over the token. */
record RosterSession(DirectoryUser user, boolean multiFactor, RosterToken token) implements Session {
  @Override
  public Optional<List<Group>> groups() {
    return Optional.empty(); // the server does not know any
  }

  @Override
  public Optional<Secret> renewal() {
    return Optional.of(token.renewal());
  }

  @Override
  public <T extends SessionFeature> Optional<T> feature(Class<T> type) {
    return Optional.empty();
  }

  @Override
  public void close() {
    token.close();
  }
}
