package himmelblau.testing.tenant.directory;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A user in a directory.
 *
 * @param methods authentication methods by the service's ids; the first is the default
 * @param unix RFC 2307 attributes by name ({@code uidNumber}, {@code loginShell}, …)
 * @param tokensValidFrom refresh tokens and PRTs issued before are revoked
 */
public record User(
    UUID tenant,
    UUID id,
    String upn,
    String name,
    String password,
    List<String> methods,
    boolean enabled,
    boolean passwordExpired,
    Map<String, String> unix,
    Instant tokensValidFrom) {

  public User {
    methods = List.copyOf(methods);
    unix = Map.copyOf(unix);
  }

  public User withUpn(String value) {
    return new User(
        tenant,
        id,
        value,
        name,
        password,
        methods,
        enabled,
        passwordExpired,
        unix,
        tokensValidFrom);
  }

  public User withName(String value) {
    return new User(
        tenant, id, upn, value, password, methods, enabled, passwordExpired, unix, tokensValidFrom);
  }

  public User withPassword(String value, boolean expired, Instant validFrom) {
    return new User(tenant, id, upn, name, value, methods, enabled, expired, unix, validFrom);
  }

  public User withMethods(List<String> value) {
    return new User(
        tenant, id, upn, name, password, value, enabled, passwordExpired, unix, tokensValidFrom);
  }

  public User withEnabled(boolean value) {
    return new User(
        tenant, id, upn, name, password, methods, value, passwordExpired, unix, tokensValidFrom);
  }

  public User withUnix(Map<String, String> value) {
    return new User(
        tenant, id, upn, name, password, methods, enabled, passwordExpired, value, tokensValidFrom);
  }

  public User withTokensValidFrom(Instant value) {
    return new User(
        tenant, id, upn, name, password, methods, enabled, passwordExpired, unix, value);
  }

  /** The methods that a page offers as a second factor; phone sign-in is a first factor only. */
  public List<String> secondFactors() {
    return methods.stream().filter(method -> !method.equals("RemoteNGC")).toList();
  }
}
