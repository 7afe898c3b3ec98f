package himmelblau.domain.entra.internal.graph;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.token.Authority;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import himmelblau.domain.entra.internal.wire.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Reads any user and any group from Microsoft Graph with the token of the application
 * (entra-hello-graph 2.2 and 2.8). Thread-safe.
 */
public final class GraphDirectory {
  private static final Log LOG = Log.of(GraphDirectory.class);

  private final String tenantId;
  private final boolean posix;
  private final Set<String> domains;
  private final GraphCaller lookUp;
  private final GraphCaller patient;

  /**
   * @param posix whether RFC 2307 attributes are wanted in lookups
   * @param domains whose users a listing is about: a tenant may have more than this host serves
   */
  public GraphDirectory(
      DomainHttp web,
      Authority authority,
      boolean posix,
      Set<String> domains,
      GraphThrottle throttle) {
    URI base = URI.create(authority.graph() + "/");
    this.tenantId = authority.tenantId();
    this.posix = posix;
    this.domains = Set.copyOf(domains);
    this.lookUp = new GraphCaller(web, base, throttle.lookUp());
    this.patient = new GraphCaller(web, base, throttle.patient());
  }

  /**
   * A user by name, and whether the account is enabled if the application may read that.
   *
   * @return empty if the directory has no user with exactly this name
   */
  public Optional<GraphUser> user(Secret token, AccountName name)
      throws DomainUnavailable, GraphRefused {
    Optional<Json> found = entry(token, name);
    Optional<DirectoryUser> user = found.flatMap(entry -> GraphEntries.user(entry, tenantId));
    if (found.isPresent() && user.filter(one -> one.name().equals(name)).isEmpty()) {
      LOG.warn("entra.graph_names_another", "asked", name);
      return Optional.empty();
    }
    return user.map(one -> new GraphUser(one, GraphEntries.status(found.orElseThrow())));
  }

  private Optional<Json> entry(Secret token, AccountName name)
      throws DomainUnavailable, GraphRefused {
    String path = Graph.version(posix) + "users/" + encoded(name.upn());
    try {
      return found(path + select("userPrincipalName,accountEnabled"), token);
    } catch (GraphRefused e) {
      if (posix || !e.right()) {
        throw e;
      }
      // It may still read the names, by which this host knows the user.
      return found(path + select("userPrincipalName"), token);
    }
  }

  /** All groups of a user by object id, transitive. */
  public List<Group> groupsOf(Secret token, UUID user) throws DomainUnavailable, GraphRefused {
    return Graph.memberships(lookUp, Graph.version(posix) + "users/" + user, token);
  }

  /** A group by object id. */
  public Optional<Group> group(Secret token, UUID id) throws DomainUnavailable, GraphRefused {
    return found(Graph.version(posix) + "groups/" + id + select("displayName"), token)
        .flatMap(GraphEntries::group)
        .filter(group -> group.objectId().equals(id));
  }

  /**
   * A page of the users whose name is in one of the domains, with RFC 2307 attributes.
   *
   * @param link empty for the first page
   * @return the link to the next page
   */
  public Optional<String> users(Secret token, Optional<String> link, Consumer<DirectoryUser> to)
      throws DomainUnavailable, GraphRefused {
    return patient.page(
        link.orElse("beta/users?$top=999"),
        token,
        entry ->
            GraphEntries.user(entry, tenantId)
                .filter(user -> domains.contains(user.name().domain()))
                .ifPresent(to));
  }

  /** A page of all groups, with RFC 2307 attributes; as {@link #users}. */
  public Optional<String> groups(Secret token, Optional<String> link, Consumer<Group> to)
      throws DomainUnavailable, GraphRefused {
    return patient.page(
        link.orElse("beta/groups?$top=999"),
        token,
        entry -> GraphEntries.group(entry).ifPresent(to));
  }

  private Optional<Json> found(String path, Secret token) throws DomainUnavailable, GraphRefused {
    try {
      return Optional.of(lookUp.object(path, token));
    } catch (GraphRefused e) {
      if (e.missing()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Without RFC 2307 attributes a lookup needs a few properties. */
  private String select(String more) {
    String names = "id,displayName" + (more.equals("displayName") ? "" : "," + more);
    return posix ? "" : "?$select=" + names;
  }

  /** A guest's name holds a {@code #}, others an apostrophe. */
  private static String encoded(String upn) {
    return URLEncoder.encode(upn, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
