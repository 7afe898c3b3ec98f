package himmelblau.domain.entra.internal.token;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.domain.entra.internal.wire.Json;
import himmelblau.domain.entra.internal.wire.Refusals;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Validates id tokens. They come directly from the token endpoint, so TLS authenticates them
 * (OpenID Connect Core 3.1.3.7, item 6); they must still belong to this tenant, this client, the
 * current time, and the account that the sign-in was begun for, because another user may have given
 * the second factor.
 */
public final class IdTokens {
  private static final String WHAT = "The id token";
  private static final Duration LEEWAY = Duration.ofMinutes(5);

  private final Set<String> domains;
  private final InstantSource clock;

  /**
   * @param domains the domains of this tenant that sign in here, lower case
   */
  public IdTokens(Set<String> domains, InstantSource clock) {
    this.domains = Set.copyOf(domains);
    this.clock = clock;
  }

  /**
   * Validates {@code claims} and returns their subject.
   *
   * @param clients acceptable audiences
   * @param fallback further claims to take a missing name from (those of the access token)
   */
  public TokenSubject check(
      Json claims,
      Optional<Json> fallback,
      Authority authority,
      Set<String> clients,
      AccountName requested)
      throws DomainUnavailable, SignInRefused {
    String tenant = claims.require("tid").toLowerCase(Locale.ROOT);
    String issuer = claims.require("iss").toLowerCase(Locale.ROOT);
    if (!tenant.equals(authority.tenantId())
        || !(issuer.equals("https://sts.windows.net/" + tenant + "/")
            || issuer.equals("https://" + authority.host() + "/" + tenant + "/v2.0"))) {
      throw other("of another tenant");
    }
    if (!clients.contains(claims.require("aud").toLowerCase(Locale.ROOT))) {
      throw protocol("was made for another application");
    }
    if (claims.requireNumber("exp") < clock.instant().minus(LEEWAY).getEpochSecond()) {
      throw protocol("has expired already: check this host's clock");
    }
    UUID objectId = objectId(claims.require("oid"));
    AccountName name = account(claims, fallback);
    boolean alias =
        name.local().equals(requested.local())
            && domains.contains(name.domain())
            && domains.contains(requested.domain());
    if (!name.equals(requested) && !alias) {
      throw other(name.upn());
    }
    return new TokenSubject(objectId, tenant, name, claims.text("name").orElse(""));
  }

  /**
   * For a sign-in in which the user chose the account in another browser: the directory did not get
   * the requested name, so the same name in another domain of the tenant is another account, not an
   * alias that the directory resolved.
   *
   * @param fallback as in {@link #check}
   */
  public static void requireNamed(Json claims, Optional<Json> fallback, AccountName requested)
      throws DomainUnavailable, SignInRefused {
    AccountName name = account(claims, fallback);
    if (!name.equals(requested)) {
      throw other(name.upn());
    }
  }

  private static AccountName account(Json claims, Optional<Json> fallback)
      throws DomainUnavailable {
    String upn =
        name(claims)
            .or(() -> fallback.flatMap(IdTokens::name))
            .orElseThrow(() -> protocol("names no user"));
    return AccountName.parse(upn)
        .orElseThrow(() -> protocol("has a name that is not an account name"));
  }

  private static Optional<String> name(Json claims) {
    return claims
        .text("preferred_username")
        .or(() -> claims.text("upn"))
        .or(() -> claims.text("unique_name"));
  }

  private static UUID objectId(String text) throws DomainUnavailable {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw protocol("has an object id that is not a GUID");
    }
  }

  private static SignInRefused other(String who) {
    return Refusals.because(
        Reason.OTHER_ACCOUNT, Refusals.OTHER_ACCOUNT.replace("{user}", String.valueOf(who)));
  }

  private static DomainUnavailable protocol(String how) {
    return new DomainUnavailable(DomainUnavailable.Kind.PROTOCOL, WHAT + " " + how);
  }
}
