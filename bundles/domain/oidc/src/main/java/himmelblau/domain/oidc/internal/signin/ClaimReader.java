package himmelblau.domain.oidc.internal.signin;

import com.nimbusds.jwt.JWTClaimsSet;
import himmelblau.api.account.AccountName;
import himmelblau.api.account.Group;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.DomainUnavailable.Kind;
import himmelblau.domain.oidc.internal.OidcSettings;
import himmelblau.domain.oidc.internal.issuer.NameUuid;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads claims of a checked ID token, and what the userinfo endpoint says beside it: name and
 * groups only. How the user signed in is what the token says. Thread-safe.
 */
public final class ClaimReader {
  private static final int MOST_GROUPS = 2000;
  private static final int LONGEST_GROUP = 256;

  /** Methods by what they are proven with (RFC 8176 section 2). */
  private static final List<Set<String>> FACTORS =
      List.of(
          Set.of("pwd", "pin", "kba"),
          Set.of("otp", "hwk", "swk", "sc", "sms", "tel", "pop"),
          Set.of("face", "fpt", "iris", "retina", "vbm"));

  private final OidcSettings settings;

  private final SignInWay way;

  ClaimReader(OidcSettings settings, SignInWay way) {
    this.settings = settings;
    this.way = way;
  }

  /** Whether the token has an account name and lists groups. */
  boolean complete(JWTClaimsSet claims) {
    Map<String, Object> said = claims.getClaims();
    return givenName(said).isPresent() && at(said, settings.groupsClaim()) != null;
  }

  /**
   * What {@code claims} say.
   *
   * @param more for what is not among {@code claims}
   */
  IssuerUser of(JWTClaimsSet claims, Map<String, Object> more) throws DomainUnavailable {
    Map<String, Object> said = claims.getClaims();
    Object groups = at(said, settings.groupsClaim());
    return new IssuerUser(
        claims.getSubject(),
        givenName(said).or(() -> givenName(more)).flatMap(this::account),
        text(said.get("name")).or(() -> text(more.get("name"))).orElse(""),
        groups(groups == null ? at(more, settings.groupsClaim()) : groups),
        multiFactor(claims));
  }

  private Optional<String> givenName(Map<String, Object> claims) {
    return settings.nameClaims().stream()
        .flatMap(claim -> nameIn(claims, claim).stream())
        .findFirst();
  }

  /** An address that the issuer has not verified is whatever a user has typed there. */
  private static Optional<String> nameIn(Map<String, Object> claims, String claim) {
    if (claim.equals("email") && !Boolean.TRUE.equals(claims.get("email_verified"))) {
      return Optional.empty();
    }
    return text(claims.get(claim)).filter(text -> !text.isBlank());
  }

  private Optional<AccountName> account(String value) {
    if (value.codePoints().anyMatch(c -> c > 0x7f && c != Character.toLowerCase(c))) {
      return Optional.empty(); // in lower case it could be another user's: KELVIN SIGN becomes k
    }
    int at = value.indexOf('@');
    return AccountName.parse(
            at < 0
                ? value + "@" + settings.domain()
                : settings.stripSuffix() ? value.substring(0, at) + "@" + settings.domain() : value)
        .filter(name -> name.domain().equals(settings.domain()));
  }

  /** No such claim means that the user is in no group. */
  private List<Group> groups(@Nullable Object claim) throws DomainUnavailable {
    Set<String> names = new TreeSet<>();
    if (claim instanceof Collection<?> several) {
      several.forEach(each -> text(each).ifPresent(names::add));
    } else {
      text(claim).ifPresent(names::add);
    }
    UUID tenant = settings.tenant();
    List<Group> groups =
        names.stream()
            .map(String::strip)
            .filter(ClaimReader::acceptable)
            .distinct()
            .map(name -> new Group(NameUuid.of(tenant, name), name, OptionalLong.empty()))
            .toList();
    if (groups.size() > MOST_GROUPS) {
      throw new DomainUnavailable(
          Kind.PROTOCOL, "The issuer lists more than " + MOST_GROUPS + " groups");
    }
    return groups;
  }

  private static boolean acceptable(String group) {
    return !group.isEmpty()
        && group.length() <= LONGEST_GROUP
        && group.chars().noneMatch(c -> c == ':' || Character.isISOControl(c));
  }

  /** A claim of that name, or else a member of one: {@code realm_access.roles}. */
  private static @Nullable Object at(Map<?, ?> claims, String path) {
    Object found = claims.get(path);
    int dot = path.indexOf('.');
    if (found != null || dot < 0) {
      return found;
    }
    return claims.get(path.substring(0, dot)) instanceof Map<?, ?> inner
        ? at(inner, path.substring(dot + 1))
        : null;
  }

  private boolean multiFactor(JWTClaimsSet claims) {
    // Keycloak gives a password alone the same acr as all the factors of its pages.
    if (way == SignInWay.BROWSER
        && text(claims.getClaim("acr")).filter(settings.multiFactorAcr()::contains).isPresent()) {
      return true;
    }
    Set<String> methods = new HashSet<>();
    if (claims.getClaim("amr") instanceof Collection<?> several) {
      several.forEach(each -> text(each).ifPresent(methods::add));
    }
    return methods.contains("mfa")
        || FACTORS.stream().filter(kind -> kind.stream().anyMatch(methods::contains)).count() > 1;
  }

  private static Optional<String> text(@Nullable Object claim) {
    return claim instanceof String text ? Optional.of(text) : Optional.empty();
  }
}
