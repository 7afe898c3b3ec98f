package himmelblau.domain.entra.internal;

import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.domain.LogonToken;
import himmelblau.api.domain.Picture;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SessionFeature;
import himmelblau.api.kerberos.KerberosTickets;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.token.Prt;
import java.util.List;
import java.util.Optional;

/** A completed sign-in: a primary refresh token, and the data from Graph. */
final class EntraSession implements Session {
  private final DirectoryUser user;
  private final Optional<List<Group>> groups;
  private final Prt prt;
  private final boolean freshFactor;
  private final SessionExtras extras;

  /**
   * @param prt taken over
   * @param freshFactor whether the directory may be asked to register a Hello key for it
   */
  EntraSession(
      DirectoryUser user,
      Optional<List<Group>> groups,
      Prt prt,
      boolean freshFactor,
      SessionExtras extras) {
    this.user = user;
    this.groups = groups.map(List::copyOf);
    this.prt = prt;
    this.freshFactor = freshFactor;
    this.extras = extras;
  }

  @Override
  public DirectoryUser user() {
    return user;
  }

  @Override
  public boolean multiFactor() {
    return prt.multiFactor();
  }

  @Override
  public Optional<List<Group>> groups() {
    return groups;
  }

  @Override
  public Optional<Secret> renewal() {
    return Optional.of(prt.toRenewal());
  }

  @Override
  public <T extends SessionFeature> Optional<T> feature(Class<T> type) {
    if (type == LogonToken.class) {
      LogonToken token = () -> extras.logonToken(prt);
      return Optional.of(type.cast(token));
    }
    if (type == KerberosTickets.class) {
      return prt.tickets().map(type::cast);
    }
    return type == Picture.class ? extras.picture(prt).map(type::cast) : Optional.empty();
  }

  Prt prt() {
    return prt;
  }

  boolean freshFactor() {
    return freshFactor;
  }

  @Override
  public void close() {
    prt.close();
  }
}
