package example.roster;

import himmelblau.api.account.Group;
import himmelblau.api.account.Person;
import himmelblau.api.domain.Session;
import himmelblau.api.secret.Secret;
import java.util.List;
import java.util.Optional;

/** A completed sign-in. Takes over the token. */
record RosterSession(Person person, boolean multiFactor, RosterToken token) implements Session {
  @Override
  public Optional<List<Group>> groups() {
    return Optional.empty(); // the server does not know any
  }

  @Override
  public Optional<Secret> renewal() {
    return Optional.of(token.renewal());
  }

  @Override
  public void close() {
    token.close();
  }
}
