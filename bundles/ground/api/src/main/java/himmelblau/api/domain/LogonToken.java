package himmelblau.api.domain;

import himmelblau.api.secret.Secret;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The token for the host's logon script: {@code ACCESS_TOKEN} (host-behaviour 6.5). Thread-safe.
 */
@ConsumerType
public interface LogonToken extends SessionFeature {
  /**
   * Asks the directory for a token with {@code logon_token_scopes}. Blocks; never throws. The
   * caller closes it.
   *
   * @return empty when no scopes are configured or the directory gives none now
   */
  Optional<Secret> request();
}
