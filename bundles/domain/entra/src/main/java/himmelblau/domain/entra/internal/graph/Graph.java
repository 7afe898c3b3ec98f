package himmelblau.domain.entra.internal.graph;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.account.PosixAttributes;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.log.Log;
import himmelblau.api.schedule.Jitter;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.token.TokenSubject;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import himmelblau.domain.entra.internal.wire.Json;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Reads the signed-in user and the user's groups from Microsoft Graph with the user's token
 * (entra-hello-graph 2). Thread-safe.
 */
public final class Graph {
  private static final Log LOG = Log.of(Graph.class);
  private static final int MOST_PAGES = 40;

  private final GraphCaller caller;

  public Graph(DomainHttp web, String base) {
    this.caller = new GraphCaller(web, URI.create(base + "/"), GraphRetry.signIn(Jitter.normal()));
  }

  /**
   * The user of {@code token} (borrowed).
   *
   * @param identity the expected user: an object with another id is refused
   * @param name under which the user signed in
   */
  public DirectoryUser me(Secret token, TokenSubject identity, AccountName name, boolean posix)
      throws DomainUnavailable {
    try {
      Json me = caller.object(version(posix) + "me", token);
      if (!me.require("id").equalsIgnoreCase(identity.objectId().toString())) {
        throw protocol(GraphCaller.WHAT + " describes another user");
      }
      return user(
          identity,
          name,
          me.text("displayName").orElse(identity.displayName()),
          GraphEntries.attributes(me));
    } catch (GraphRefused e) {
      throw protocol(String.valueOf(e.getMessage()));
    }
  }

  /** What the tokens alone say. */
  public static DirectoryUser user(TokenSubject identity, AccountName name) {
    return user(identity, name, identity.displayName(), PosixAttributes.NONE);
  }

  private static DirectoryUser user(
      TokenSubject identity, AccountName name, String displayName, PosixAttributes attributes) {
    return new DirectoryUser(
        name,
        Optional.of(identity.objectId()),
        Optional.of(identity.tenantId()),
        displayName,
        attributes);
  }

  /** All groups of the user of {@code token} (borrowed), transitive. */
  public List<Group> groups(Secret token, boolean posix) throws DomainUnavailable {
    try {
      return memberships(caller, version(posix) + "me", token);
    } catch (GraphRefused e) {
      throw protocol(String.valueOf(e.getMessage()));
    }
  }

  /** The memberships of the object at {@code path}; invalid ones are ignored. */
  static List<Group> memberships(GraphCaller caller, String path, Secret token)
      throws DomainUnavailable, GraphRefused {
    Map<UUID, Group> found = new LinkedHashMap<>();
    Optional<String> link = Optional.of(path + "/transitiveMemberOf?$top=999");
    for (int page = 0; page < MOST_PAGES && link.isPresent(); page++) {
      link =
          caller.page(
              link.get(),
              token,
              entry ->
                  GraphEntries.membership(entry)
                      .ifPresent(group -> found.putIfAbsent(group.objectId(), group)));
    }
    if (link.isPresent()) {
      LOG.warn("entra.groups.too_many", "known", found.size());
    }
    return List.copyOf(found.values());
  }

  /** Extension attributes come by themselves with the beta version only. */
  static String version(boolean posix) {
    return posix ? "beta/" : "v1.0/";
  }

  private static DomainUnavailable protocol(String text) {
    return new DomainUnavailable(DomainUnavailable.Kind.PROTOCOL, text);
  }
}
