package himmelblau.contract.checks;

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
import himmelblau.api.domain.UserWithGroups;
import himmelblau.api.hsm.Key;
import himmelblau.api.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A provider that does what the kit demands, but for its directory's {@link Defect}. */
final class MemoryDomain implements DomainProvider {
  private final MemoryDirectory directory;

  MemoryDomain(MemoryDirectory directory) {
    this.directory = directory;
  }

  @Override
  public String domain() {
    return directory.has(Defect.UPPER_CASE_DOMAIN) ? "Example.org" : MemoryDirectory.DOMAIN;
  }

  @Override
  public List<String> aliases() {
    return List.of();
  }

  @Override
  public Optional<String> tenantId() {
    return Optional.of("tenant");
  }

  @Override
  public boolean reachable() {
    return !directory.unreachable;
  }

  @Override
  public boolean joined() {
    return true;
  }

  @Override
  public Optional<DirectoryUser> find(AccountName name) throws DomainUnavailable {
    requireOurs(name);
    try {
      directory.network();
    } catch (DomainUnavailable e) {
      if (directory.has(Defect.OUTAGE_IS_NO_ACCOUNT) && e.kind() == Kind.NETWORK) {
        return Optional.empty();
      }
      throw e;
    }
    return directory.user(name).map(user -> user(name, user));
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
      throw refused(Reason.NO_SUCH_ACCOUNT, "no such account", false);
    }
    return new MemorySignIn(this, directory, name, policy);
  }

  @Override
  public HelloKind registerHello(Session session, Key key) {
    return HelloKind.LOCAL;
  }

  @Override
  public Session signInWithHello(AccountName name, Key key) throws SignInRefused {
    throw refused(Reason.NOT_SUPPORTED, "no keys here", false);
  }

  @Override
  public Session renew(AccountName name, Secret renewal) throws DomainUnavailable, SignInRefused {
    requireOurs(name);
    directory.network();
    String token = renewal.revealText();
    if (directory.has(Defect.WIPES_BORROWED_RENEWAL)) {
      renewal.close();
    }
    UUID id = directory.tokens.get(token);
    if (directory.has(Defect.RENEWAL_UNCHECKED) && token.startsWith("renewal")) {
      id = directory.users.get("ada").id();
    }
    if (directory.has(Defect.RENEWAL_FOR_WHOEVER_ASKS) && id != null) {
      return session(name);
    }
    for (MemoryDirectory.User user : directory.users.values()) {
      boolean same =
          directory.has(Defect.ID_OF_NAME)
              ? user.local().equals(name.local())
              : user.id().equals(id);
      if (id != null && same) {
        Session session = session(new AccountName(user.local(), MemoryDirectory.DOMAIN));
        return directory.has(Defect.RENEWAL_WITH_NEW_ID) ? withNewId(session) : session;
      }
    }
    throw refused(Reason.RENEWAL_DEAD, "sign in again", false);
  }

  private Session withNewId(Session session) {
    DirectoryUser known = session.user();
    DirectoryUser other =
        new DirectoryUser(
            known.name(), Optional.of(UUID.randomUUID()), known.tenantId(), "", known.posix());
    return new MemorySession(directory.defect, other, true, session.renewal().orElseThrow());
  }

  @Override
  public boolean renewalAlive(Secret renewal) {
    return directory.has(Defect.NONSENSE_IS_ALIVE) || renewal.revealText().startsWith("renewal");
  }

  @Override
  public boolean opensOffline() {
    return joined();
  }

  @Override
  public void leave() {}

  /** A session of that user, with a new token. */
  Session session(AccountName name) {
    MemoryDirectory.User user = directory.users.get(name.local());
    String token = "renewal " + UUID.randomUUID();
    directory.tokens.put(token, user.id());
    return new MemorySession(
        directory.defect,
        user(name, user),
        !directory.has(Defect.SAYS_ONE_FACTOR),
        Secret.ofText(token));
  }

  private DirectoryUser user(AccountName name, MemoryDirectory.User user) {
    UUID id =
        switch (directory.defect) {
          case ONE_ID_FOR_ALL -> new UUID(1, 1);
          case ID_OF_DISPLAY_NAME -> named(user.displayName());
          case ID_OF_NAME -> named(user.local());
          default -> user.id();
        };
    return new DirectoryUser(
        name,
        directory.has(Defect.NO_OBJECT_ID) ? Optional.empty() : Optional.of(id),
        tenantId(),
        user.displayName(),
        PosixAttributes.NONE);
  }

  private static UUID named(String text) {
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  static SignInRefused refused(Reason reason, String text, boolean retry) {
    return new SignInRefused(reason, text, Optional.empty(), retry);
  }

  private void requireOurs(AccountName name) throws DomainUnavailable {
    if (!name.domain().equals(MemoryDirectory.DOMAIN)
        && !directory.has(Defect.ANSWERS_FOR_OTHER_DOMAINS)) {
      throw new DomainUnavailable(Kind.PROTOCOL, "not ours");
    }
  }
}
