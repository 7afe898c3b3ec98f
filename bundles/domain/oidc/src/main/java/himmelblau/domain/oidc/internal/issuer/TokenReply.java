package himmelblau.domain.oidc.internal.issuer;

import com.nimbusds.jwt.JWT;
import himmelblau.api.secret.Secret;
import java.time.Duration;
import java.util.Optional;

/** What the token endpoint answered (RFC 6749 section 5, RFC 8628 section 3.5). */
public sealed interface TokenReply {
  /**
   * Tokens; not checked yet.
   *
   * @param access for the userinfo endpoint; belongs to the receiver
   * @param refresh belongs to the receiver
   * @param refreshLife how long that one lives, if the issuer says so
   */
  record Tokens(
      JWT idToken, Secret access, Optional<Secret> refresh, Optional<Duration> refreshLife)
      implements TokenReply, AutoCloseable {
    @Override
    public void close() {
      access.close();
      refresh.ifPresent(Secret::close);
    }
  }

  /**
   * An error.
   *
   * @param code as registered, such as {@code authorization_pending}; {@code unknown} if it is not
   *     of that form
   * @param description for the log, lower case; may be empty
   */
  record Refused(String code, String description) implements TokenReply {}
}
