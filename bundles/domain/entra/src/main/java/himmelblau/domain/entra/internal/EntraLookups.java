package himmelblau.domain.entra.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.DomainUnavailable.Kind;
import himmelblau.api.domain.UserWithGroups;
import himmelblau.api.log.Log;
import himmelblau.api.schedule.Jitter;
import himmelblau.domain.entra.internal.client.AppToken;
import himmelblau.domain.entra.internal.client.AppTokens;
import himmelblau.domain.entra.internal.graph.GraphDirectory;
import himmelblau.domain.entra.internal.graph.GraphRefused;
import himmelblau.domain.entra.internal.graph.GraphThrottle;
import himmelblau.domain.entra.internal.graph.GraphUser;
import himmelblau.domain.entra.internal.signin.AccountProbe;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Lookups of users and groups without a signed-in user: complete with a confidential client,
 * otherwise only whether an account exists. Thread-safe.
 */
final class EntraLookups {
  private static final Log LOG = Log.of(EntraLookups.class);

  private final EntraSettings settings;
  private final AppTokens tokens;
  private final AccountProbe probe;
  private final GraphThrottle throttle;

  EntraLookups(EntraSettings settings, AppTokens tokens, Clock clock) {
    this.settings = settings;
    this.tokens = tokens;
    this.probe = new AccountProbe(clock);
    this.throttle = new GraphThrottle(settings.domain(), clock, Jitter.normal());
  }

  /** Prepares for the first lookup of a user. */
  void warmUp(Tenant tenant) throws DomainUnavailable {
    probe.warmUp(tenant);
  }

  /** What is read with a token. */
  private interface Reading<T> {
    Optional<T> with(GraphDirectory graphDirectory, AppToken token)
        throws DomainUnavailable, GraphRefused;
  }

  Optional<DirectoryUser> find(Tenant tenant, AccountName name) throws DomainUnavailable {
    return findWithGroups(tenant, name, false).map(UserWithGroups::user);
  }

  Optional<UserWithGroups> findWithGroups(Tenant tenant, AccountName name)
      throws DomainUnavailable {
    return findWithGroups(tenant, name, true);
  }

  private Optional<UserWithGroups> findWithGroups(
      Tenant tenant, AccountName name, boolean withGroups) throws DomainUnavailable {
    try {
      Optional<GraphUser> found =
          read(tenant, true, (graphDirectory, token) -> graphDirectory.user(token.access(), name));
      if (found.isPresent()) {
        DirectoryUser user = found.get().user();
        return Optional.of(
            new UserWithGroups(
                user, withGroups ? groups(tenant, user) : Optional.empty(), found.get().status()));
      }
    } catch (DomainUnavailable e) {
      if (!settings.nameIsEnough() || Thread.currentThread().isInterrupted()) {
        throw e; // an id made without the attributes would be another one
      }
      LOG.warn("entra.user_not_read", "upn", name, "cause", e.getMessage());
    }
    // Graph may not know a name yet, or not by this spelling: the login host decides whether the
    // user exists.
    return probe.find(tenant, name).map(user -> new UserWithGroups(user, Optional.empty()));
  }

  /** Empty if they cannot be read now: the known groups stay. */
  private Optional<List<Group>> groups(Tenant tenant, DirectoryUser user) throws DomainUnavailable {
    UUID id = user.objectId().orElseThrow();
    try {
      return read(
          tenant,
          false,
          (graphDirectory, token) -> Optional.of(graphDirectory.groupsOf(token.access(), id)));
    } catch (DomainUnavailable e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      LOG.warn("entra.groups_not_read", "upn", user.name(), "cause", e.getMessage());
      return Optional.empty();
    }
  }

  Optional<Group> group(Tenant tenant, UUID id) throws DomainUnavailable {
    return read(tenant, false, (graphDirectory, token) -> graphDirectory.group(token.access(), id));
  }

  /**
   * Reads with the application's token.
   *
   * @param users whether it is about users; else about groups
   * @return empty also when there is no credential, or none that may read this
   */
  private <T> Optional<T> read(Tenant tenant, boolean users, Reading<T> reading)
      throws DomainUnavailable {
    for (boolean again = true; ; again = false) {
      Optional<AppToken> held = tokens.token(tenant.endpoint());
      if (held.isEmpty()) {
        return Optional.empty();
      }
      try (AppToken token = held.get()) {
        boolean may = users ? token.users() : token.groups();
        return may ? reading.with(graphDirectory(tenant), token) : Optional.empty();
      } catch (GraphRefused e) {
        if (e.token() && again) {
          tokens.reject();
        } else if (e.right()) {
          LOG.warn("entra.right_missing", "domain", settings.domain(), "users", users);
          tokens.deny(users);
          return Optional.empty();
        } else if (e.missing()) {
          return Optional.empty();
        } else {
          throw unavailable(e);
        }
      }
    }
  }

  private GraphDirectory graphDirectory(Tenant tenant) {
    return new GraphDirectory(
        tenant.web(), tenant.authority(), settings.posix(), settings.domains(), throttle);
  }

  /** One page of a listing; handed over as it is read. Gives the link to the next one. */
  private interface Page {
    Optional<String> read(GraphDirectory graphDirectory, AppToken token, Optional<String> link)
        throws DomainUnavailable, GraphRefused;
  }

  /** A listing may outlast a token: each page is read with one that is good. */
  private void list(Tenant tenant, Page page) throws DomainUnavailable {
    Optional<String> link =
        page(tenant, page, tokens.require(tenant.endpoint(), true), Optional.empty());
    while (link.isPresent()) {
      link = page(tenant, page, tokens.require(tenant.endpoint(), false), link);
    }
  }

  /** Takes over the token. */
  private Optional<String> page(Tenant tenant, Page page, AppToken held, Optional<String> link)
      throws DomainUnavailable {
    try (AppToken token = held) {
      return page.read(graphDirectory(tenant), token, link);
    } catch (GraphRefused e) {
      if (e.token()) {
        tokens.reject();
      }
      throw unavailable(e);
    }
  }

  void users(Tenant tenant, Consumer<DirectoryUser> to) throws DomainUnavailable {
    list(tenant, (graphDirectory, token, link) -> graphDirectory.users(token.access(), link, to));
  }

  void groups(Tenant tenant, Consumer<Group> to) throws DomainUnavailable {
    list(tenant, (graphDirectory, token, link) -> graphDirectory.groups(token.access(), link, to));
  }

  private DomainUnavailable unavailable(GraphRefused e) {
    String more =
        e.right()
            ? ": the application needs User.Read.All and Group.Read.All on it, with an"
                + " administrator's consent"
            : "";
    return new DomainUnavailable(Kind.PROTOCOL, e.getMessage() + more, e);
  }
}
