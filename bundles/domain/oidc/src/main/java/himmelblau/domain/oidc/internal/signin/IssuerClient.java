package himmelblau.domain.oidc.internal.signin;

import com.nimbusds.jwt.JWTClaimsSet;
import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.PosixAttributes;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.secret.Secret;
import himmelblau.domain.oidc.internal.OidcSettings;
import himmelblau.domain.oidc.internal.issuer.Discovery;
import himmelblau.domain.oidc.internal.issuer.IdTokens;
import himmelblau.domain.oidc.internal.issuer.IssuerMetadata;
import himmelblau.domain.oidc.internal.issuer.TokenEndpoint;
import himmelblau.domain.oidc.internal.issuer.TokenReply;
import himmelblau.domain.oidc.internal.issuer.UserInfoEndpoint;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
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
    UserInfoEndpoint userInfo,
    Clock clock,
    LongSupplier nanos) {
  /** As long as a primary refresh token: longer, nobody signs in offline. */
  private static final Duration LONGEST_OFFLINE = Duration.ofDays(14);

  /**
   * Whom a checked ID token is about. What it lacks is asked at the userinfo endpoint.
   *
   * @param tokens that the ID token came with
   */
  public IssuerUser user(
      JWTClaimsSet claims, TokenReply.Tokens tokens, IssuerMetadata metadata, SignInWay way)
      throws DomainUnavailable {
    ClaimReader reader = new ClaimReader(settings, way);
    Map<String, Object> more =
        reader.complete(claims) || metadata.userInfo().isEmpty()
            ? Map.of()
            : userInfo.claims(metadata.userInfo().get(), tokens.access(), claims.getSubject());
    return reader.of(claims, more);
  }

  /**
   * The session of checked tokens.
   *
   * @param name the account that signs in, which {@code user} is
   * @param before what was renewed; its refresh token lasts if there is no new one (RFC 6749
   *     section 6). It proves nothing new: the factors that were proven for it count, whatever the
   *     renewed token says (OpenID Connect Core 1.0 section 12.2)
   */
  public OidcSession session(
      IssuerUser user, AccountName name, TokenReply.Tokens tokens, Optional<Renewal> before) {
    boolean multiFactor = before.map(Renewal::multiFactor).orElse(user.multiFactor());
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
            Optional.of(settings.user(user.subject())),
            Optional.of(settings.tenant().toString()),
            user.displayName(),
            PosixAttributes.NONE),
        multiFactor,
        user.groups(),
        token.map(
            secret ->
                new Renewal(settings.tenant(), user.subject(), name, multiFactor, until, secret)));
  }
}
