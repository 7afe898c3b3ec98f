package himmelblau.domain.oidc.internal.signin;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.PosixAttributes;
import himmelblau.api.secret.Secret;
import himmelblau.domain.oidc.internal.OidcSettings;
import himmelblau.domain.oidc.internal.issuer.Discovery;
import himmelblau.domain.oidc.internal.issuer.IdTokens;
import himmelblau.domain.oidc.internal.issuer.TokenEndpoint;
import himmelblau.domain.oidc.internal.issuer.TokenReply;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What a sign-in at one issuer needs. Thread-safe.
 *
 * @param nanos as {@link System#nanoTime}
 */
public record IssuerClient(
    OidcSettings settings,
    Discovery discovery,
    TokenEndpoint endpoint,
    IdTokens idTokens,
    Clock clock,
    LongSupplier nanos) {
  /** As long as a primary refresh token: longer, nobody signs in offline. */
  private static final Duration LONGEST_OFFLINE = Duration.ofDays(14);

  /** How claims are read. */
  public Identities identities() {
    return new Identities(settings);
  }

  /**
   * The session of checked tokens.
   *
   * @param name the account that signs in, which {@code identity} is
   * @param before what was renewed; its refresh token lasts if there is no new one (RFC 6749
   *     section 6), and the factors that were proven for it count
   */
  public OidcSession session(
      Identity identity, AccountName name, TokenReply.Tokens tokens, Optional<Renewal> before) {
    boolean multiFactor = identity.multiFactor() || before.filter(Renewal::multiFactor).isPresent();
    Instant now = clock.instant();
    Instant until =
        now.plus(
            tokens
                .refreshLife()
                .filter(life -> life.compareTo(LONGEST_OFFLINE) < 0)
                .orElse(LONGEST_OFFLINE));
    Optional<Secret> token =
        tokens.refresh().or(() -> before.map(Renewal::token)).map(Secret::copy);
    return new OidcSession(
        new DirectoryUser(
            name,
            Optional.of(settings.user(identity.subject())),
            Optional.of(settings.tenant().toString()),
            identity.displayName(),
            PosixAttributes.NONE),
        multiFactor,
        identity.groups(),
        token.map(
            secret ->
                new Renewal(
                    settings.tenant(), identity.subject(), name, multiFactor, until, secret)));
  }
}
