package example.roster;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.account.PosixAttributes;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.DomainUnavailable.Kind;
import himmelblau.api.domain.HelloKind;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInPolicy;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.hsm.Key;
import himmelblau.api.domain.UserWithGroups;
import himmelblau.api.secret.Secret;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One domain whose users a roster server has. Thread-safe: it has no state of its own. */
final class RosterDomain implements DomainProvider {
  private final String domain;
  private final RosterClient client;
  private final Clock clock;

  RosterDomain(String domain, RosterClient client, Clock clock) {
    this.domain = domain;
    this.client = client;
    this.clock = clock;
  }

  @Override
  public String domain() {
    return domain;
  }

  @Override
  public List<String> aliases() {
    return List.of();
  }

  @Override
  public Optional<String> tenantId() {
    return Optional.of("roster " + client.host());
  }

  @Override
  public boolean reachable() {
    try {
      client.ask("lookup", new RosterClient.Form().with("user", "-"));
      return true;
    } catch (DomainUnavailable e) {
      return false;
    }
  }

  @Override
  public boolean joined() {
    return true; // a roster server knows no devices
  }

  @Override
  public Optional<DirectoryUser> find(AccountName name) throws DomainUnavailable {
    requireOurs(name);
    RosterClient.Reply reply =
        client.ask("lookup", new RosterClient.Form().with("user", name.local()));
    return reply.status() == 404 ? Optional.empty() : Optional.of(user(reply));
  }

  @Override
  public Optional<UserWithGroups> findWithGroups(AccountName name) throws DomainUnavailable {
    return find(name).map(user -> new UserWithGroups(user, Optional.empty()));
  }

  @Override
  public Optional<Group> group(UUID objectId) {
    return Optional.empty();
  }

  @Override
  public SignIn begin(AccountName name, SignInPolicy policy)
      throws DomainUnavailable, SignInRefused {
    if (find(name).isEmpty()) {
      throw refused(Reason.NO_SUCH_ACCOUNT, "This account does not exist.", false);
    }
    return new RosterSignIn(this, client, name, policy);
  }

  @Override
  public HelloKind registerHello(Session session, Key key) {
    return HelloKind.LOCAL; // the server takes no keys
  }

  @Override
  public Session signInWithHello(AccountName name, Key key) throws SignInRefused {
    throw refused(Reason.NOT_SUPPORTED, "This domain does not take keys.", false);
  }

  @Override
  public Session renew(AccountName name, Secret renewal) throws DomainUnavailable, SignInRefused {
    requireOurs(name);
    Optional<RosterToken> kept = RosterToken.of(renewal);
    if (kept.isEmpty()) {
      throw dead();
    }
    try (RosterToken token = kept.get()) {
      RosterClient.Reply reply =
          client.ask("renew", new RosterClient.Form().with("token", token.secret()));
      if (reply.status() != 200) {
        throw dead();
      }
      Session session = session(reply);
      if (!session.user().name().equals(name)) {
        session.close();
        throw refused(Reason.OTHER_ACCOUNT, "Another account signed in.", false);
      }
      return session;
    }
  }

  @Override
  public boolean renewalAlive(Secret renewal) {
    Optional<RosterToken> kept = RosterToken.of(renewal);
    if (kept.isEmpty()) {
      return false;
    }
    try (RosterToken token = kept.get()) {
      return token.expires().isAfter(clock.instant());
    }
  }

  @Override
  public boolean opensOffline() {
    return joined();
  }

  @Override
  public void leave() {
    // Nothing of this host is known to the server.
  }

  /** What a reply with a token says. */
  Session session(RosterClient.Reply reply) throws DomainUnavailable {
    return new RosterSession(
        user(reply),
        reply.value("factors").equals("2"),
        RosterToken.fresh(reply.value("token"), clock.instant()));
  }

  private DirectoryUser user(RosterClient.Reply reply) throws DomainUnavailable {
    try {
      return new DirectoryUser(
          new AccountName(reply.value("user"), domain),
          Optional.of(UUID.fromString(reply.value("id"))),
          tenantId(),
          reply.value("name"),
          PosixAttributes.NONE);
    } catch (IllegalArgumentException e) {
      throw new DomainUnavailable(Kind.PROTOCOL, "The roster server's reply makes no sense", e);
    }
  }

  static SignInRefused refused(Reason reason, String text, boolean retry) {
    return new SignInRefused(reason, text, Optional.empty(), retry);
  }

  private static SignInRefused dead() {
    return refused(Reason.RENEWAL_DEAD, "Please sign in again.", false);
  }

  /** The name of another domain is asked about nowhere. */
  private void requireOurs(AccountName name) throws DomainUnavailable {
    if (!name.domain().equals(domain)) {
      throw new DomainUnavailable(Kind.PROTOCOL, name.domain() + " is not the domain " + domain);
    }
  }
}
