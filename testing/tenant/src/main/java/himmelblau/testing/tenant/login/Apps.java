package himmelblau.testing.tenant.login;

import himmelblau.testing.tenant.directory.App;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.Tenant;
import himmelblau.testing.tenant.token.Clients;
import himmelblau.testing.tenant.web.Refusal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Finds tenants by the path and clients by their ids, for every endpoint that is called by both.
 */
public final class Apps {
  private static final Set<String> SHARED = Set.of("common", "organizations", "consumers");

  private final Directory directory;

  public Apps(Directory directory) {
    this.directory = directory;
  }

  /**
   * The tenant of a path, or nothing for the shared endpoints.
   *
   * @throws Refusal 90002 for a name nobody has
   */
  public Optional<Tenant> tenant(String segment) {
    if (SHARED.contains(segment.toLowerCase(Locale.ROOT))) {
      return Optional.empty();
    }
    return Optional.of(
        directory
            .tenant(segment)
            .orElseThrow(
                () ->
                    Refusal.aadsts(
                        90002,
                        "Tenant '"
                            + segment
                            + "' not found. Check to make sure you have the correct tenant ID and"
                            + " are signing into the correct cloud. Check with your subscription"
                            + " administrator, this may happen if there are no active subscriptions"
                            + " for the tenant.")));
  }

  /**
   * Redirect URIs of a client that may be used at a tenant.
   *
   * @throws Refusal 900144 without a client id, 700016 for an unknown one, 50194 for a tenant's own
   *     application at a shared endpoint
   */
  public List<String> redirects(String clientId, Optional<Tenant> tenant) {
    if (clientId.isEmpty()) {
      throw Refusal.aadsts(
          900144, "The request body must contain the following parameter: 'client_id'.");
    }
    Optional<List<String>> firstParty = Clients.firstParty(clientId.toLowerCase(Locale.ROOT));
    if (firstParty.isPresent()) {
      return firstParty.get();
    }
    return app(clientId, tenant).redirectUris();
  }

  /** A tenant's own application. */
  public App app(String clientId, Optional<Tenant> tenant) {
    UUID id;
    try {
      id = UUID.fromString(clientId);
    } catch (IllegalArgumentException e) {
      throw unknown(clientId, tenant);
    }
    if (tenant.isEmpty()) {
      throw directory.app(id).isPresent() ? Refusal.aadsts(50194) : unknown(clientId, tenant);
    }
    return directory.app(tenant.get().id(), id).orElseThrow(() -> unknown(clientId, tenant));
  }

  private static Refusal unknown(String clientId, Optional<Tenant> tenant) {
    return Refusal.aadsts(
        700016,
        "Application with identifier '"
            + clientId
            + "' was not found in the directory '"
            + tenant.map(Tenant::name).orElse("Microsoft")
            + "'. This can happen if the application has not been installed by the administrator of"
            + " the tenant or consented to by any user in the tenant.");
  }
}
