package himmelblau.login.internal.outcome;

import himmelblau.api.domain.Session;
import himmelblau.api.secret.Secret;
import java.util.Optional;

/**
 * A full sign-in that the directory accepted. Closing it wipes all secrets.
 *
 * @param password as typed, if one was
 * @param fallback whether {@code enable_sfa_fallback} let it pass without a second factor
 */
public record ProvenSignIn(Session session, Optional<Secret> password, boolean fallback)
    implements AutoCloseable {
  /** Whether the user has just proven two factors to the directory. */
  public boolean twoFactors() {
    return session.multiFactor() && !fallback;
  }

  @Override
  public void close() {
    session.close();
    password.ifPresent(Secret::close);
  }
}
