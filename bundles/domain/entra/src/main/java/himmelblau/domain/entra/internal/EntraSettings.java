package himmelblau.domain.entra.internal;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The configuration of one domain.
 *
 * @param odc host of the tenant discovery
 * @param appId application of the tenant's own for directory reads
 * @param joinType 0 join, 4 register
 * @param posix whether RFC 2307 attributes are wanted
 * @param nameIsEnough whether ids are derived from names: then the name of an account that exists
 *     gives its id, and nothing else need be known
 * @param interactive {@code enable_experimental_mfa}: false = device code only
 * @param securityKey whether a security key may be the first factor
 * @param preferredMethod {@code mfa_method}
 * @param logonToken what the logon script's token is for
 */
public record EntraSettings(
    String domain,
    List<String> aliases,
    Optional<String> authorityHost,
    Optional<String> tenantId,
    Optional<String> graph,
    String odc,
    Optional<String> appId,
    int joinType,
    boolean posix,
    boolean nameIsEnough,
    boolean interactive,
    boolean securityKey,
    Optional<String> preferredMethod,
    LogonToken logonToken) {

  /**
   * The token that the logon script gets.
   *
   * @param app application that asks for it; empty: the broker
   * @param scopes none: no token
   */
  public record LogonToken(Optional<String> app, List<String> scopes) {
    public static final LogonToken NONE = new LogonToken(Optional.empty(), List.of());

    public LogonToken {
      scopes = List.copyOf(scopes);
    }
  }

  public static final String LOGIN_HOST = "login.microsoftonline.com";
  public static final String GRAPH = "https://graph.microsoft.com";
  public static final String ODC = "odc.officeapps.live.com";

  /** A domain with nothing but defaults. */
  public static EntraSettings of(String domain) {
    return new EntraSettings(
        domain.toLowerCase(Locale.ROOT),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        ODC,
        Optional.empty(),
        0,
        false,
        true,
        true,
        false,
        Optional.empty(),
        LogonToken.NONE);
  }

  static EntraSettings of(EntraComponent.Config config) {
    String domain = config.domain().strip().toLowerCase(Locale.ROOT);
    List<String> aliases =
        List.of(config.domain_aliases()).stream()
            .map(alias -> alias.strip().toLowerCase(Locale.ROOT))
            .filter(alias -> !alias.isEmpty() && !alias.equals(domain))
            .distinct()
            .toList();
    return new EntraSettings(
        domain,
        aliases,
        given(config.authority_host()),
        given(config.tenant_id()).map(id -> id.toLowerCase(Locale.ROOT)),
        given(config.graph_url()).map(url -> url.replaceFirst("/+$", "")),
        given(config.odc_provider()).orElse(ODC),
        given(config.app_id()),
        config.join_type().equals("register") ? 4 : 0,
        config.id_attr_map().equals("rfc2307"),
        !config.id_attr_map().equals("rfc2307") && !config.id_attr_map().equals("uuid"),
        config.enable_experimental_mfa(),
        config.enable_passwordless_security_key() || config.enable_experimental_passwordless_fido(),
        given(config.mfa_method()),
        new LogonToken(
            given(config.logon_token_app_id()).or(() -> given(config.app_id())),
            List.of(config.logon_token_scopes()).stream()
                .map(String::strip)
                .filter(scope -> !scope.isEmpty())
                .toList()));
  }

  private static Optional<String> given(String value) {
    return Optional.of(value.strip()).filter(text -> !text.isEmpty());
  }

  /** All domains whose accounts sign in here. */
  public Set<String> domains() {
    Set<String> all = new TreeSet<>(aliases);
    all.add(domain);
    return all;
  }
}
