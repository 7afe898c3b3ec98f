package himmelblau.contract.checks;

import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SessionFeature;
import himmelblau.api.secret.Secret;
import java.util.List;
import java.util.Optional;

/** A session that wipes its token when it is closed. */
record MemorySession(Defect defect, DirectoryUser user, boolean multiFactor, Secret token)
    implements Session {
  @Override
  public Optional<List<Group>> groups() {
    return Optional.empty();
  }

  @Override
  public Optional<Secret> renewal() {
    return Optional.of(token.copy());
  }

  @Override
  public <T extends SessionFeature> Optional<T> feature(Class<T> type) {
    return Optional.empty();
  }

  @Override
  public void close() {
    if (defect != Defect.RENEWAL_AFTER_CLOSE) {
      token.close();
    }
  }

  @Override
  public String toString() {
    return defect == Defect.RENEWAL_IN_TEXT ? token.revealText() : "session of " + user.name();
  }
}
