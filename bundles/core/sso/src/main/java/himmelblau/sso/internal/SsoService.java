package himmelblau.sso.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.directory.Account;
import himmelblau.api.directory.AccountStatusListener;
import himmelblau.api.directory.Directory;
import himmelblau.api.domain.Session;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.kerberos.KerberosTickets;
import himmelblau.api.kerberos.TicketListener;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.login.Peer;
import himmelblau.api.secret.Secret;
import himmelblau.api.sso.BrokerCall;
import himmelblau.api.sso.BrokerCalls;
import himmelblau.api.sso.KeptRenewals;
import himmelblau.api.sso.RenewalListener;
import himmelblau.api.sso.TokenOwner;
import himmelblau.api.sso.TokenRequest;
import himmelblau.sso.internal.UserTokens.User;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * The calls of session brokers (sso-broker 1.4). The uid of the peer decides whose tokens there
 * are; nothing in a request can change that. Does not depend on the OSGi framework.
 */
final class SsoService
    implements BrokerCalls, RenewalListener, KeptRenewals, AccountStatusListener {
  private static final Log LOG = Log.of(SsoService.class);

  /** Programs compare it with the versions of Microsoft's broker, whose replies ours have. */
  private static final String VERSION = "2.0.1";

  /** How long a sign-in counts as one that a program asked for. */
  private static final Duration JUST_NOW = Duration.ofMinutes(5);

  /** Who ended it, in the log. */
  static final String ADMINISTRATOR = "an administrator";

  private final Directory directory;
  private final SsoDomains domains;
  private final HeldRenewals held;
  private final TokenCache cache;
  private final UserTokens tokens;
  private final InstantSource clock;
  private final List<TicketListener> ticketListeners = new CopyOnWriteArrayList<>();

  /** Those to which tokens are bound, by object id. */
  private final Map<UUID, UserKey> keys = new ConcurrentHashMap<>();

  SsoService(Directory directory, SsoDomains domains, HeldRenewals held, InstantSource clock) {
    this.directory = directory;
    this.domains = domains;
    this.held = held;
    this.cache = new TokenCache(clock);
    this.tokens = new UserTokens(held, cache, clock, this::hand);
    this.clock = clock;
  }

  void add(TicketListener listener) {
    ticketListeners.add(listener);
  }

  void remove(TicketListener listener) {
    ticketListeners.remove(listener);
  }

  private void hand(User user, Session session) {
    if (ticketListeners.isEmpty()) {
      return;
    }
    Optional<KerberosTickets> tickets = session.feature(KerberosTickets.class);
    Optional<Account> account = directory.account(user.name());
    if (tickets.isEmpty() || account.isEmpty()) {
      return;
    }
    for (TicketListener listener : ticketListeners) {
      try {
        listener.received(account.get(), false, tickets.get());
      } catch (RuntimeException | LinkageError e) {
        LOG.error("sso.ticket_listener", e, "listener", listener.getClass().getName());
      }
    }
  }

  @Override
  public boolean renew(AccountName name) throws InterruptedException {
    Optional<User> user = directory.account(name).flatMap(this::user);
    try {
      return user.isPresent() && tokens.renewNow(user.get());
    } catch (CallRefused e) {
      LOG.debug("sso.not_renewed", "account", name, "why", e.context());
      return false;
    }
  }

  @Override
  public String answer(BrokerCall call, Duration budget) throws InterruptedException {
    try {
      CallRequest request = CallRequest.parse(call.request());
      return TimeLimit.within(budget, () -> answer(call.peer(), call.method(), request));
    } catch (CallRefused e) {
      return refused(call.method(), e.status(), e.context());
    } catch (RuntimeException | LinkageError e) {
      LOG.error("sso.failed", e, "method", call.method(), "uid", call.peer().uid());
      return refused(call.method(), BrokerStatus.UNEXPECTED, "The call failed");
    }
  }

  private static String refused(String method, BrokerStatus status, String context) {
    return method.startsWith("acquireToken")
        ? Replies.tokenError(status, context)
        : Replies.error(status, context);
  }

  private String answer(Peer peer, String method, CallRequest request)
      throws CallRefused, InterruptedException {
    return switch (method) {
      case "getLinuxBrokerVersion" -> Replies.version(VERSION);
      case "getAccounts" -> accounts(peer);
      case "acquireTokenSilently" -> token(peer, request);
      case "acquireTokenInteractively" -> interactive(peer, request);
      case "acquirePrtSsoCookie" -> cookie(peer, request);
      case "generateSignedHttpRequest" -> signed(peer, request);
      case "removeAccount" -> removed(peer, request);
      default -> throw new CallRefused(BrokerStatus.UNEXPECTED, CallRefused.NOT_IMPLEMENTED);
    };
  }

  /** The user whose uid the peer has: the only one whose tokens it may get. */
  private Optional<User> user(Peer peer) {
    if (peer.root()) {
      return Optional.empty();
    }
    return directory.account(peer.uid()).flatMap(this::user);
  }

  private Optional<User> user(Account account) {
    return account
        .objectId()
        .flatMap(
            id -> domains.of(account.name()).map(domain -> new User(account.name(), id, domain)));
  }

  private User requested(Peer peer, CallRequest request) throws CallRefused {
    User user =
        user(peer)
            .orElseThrow(
                () -> new CallRefused(BrokerStatus.ACCOUNT_NOT_FOUND, CallRefused.NO_ACCOUNT));
    request.requireOwn(user.name());
    return user;
  }

  private String accounts(Peer peer) throws CallRefused {
    Optional<User> user = user(peer);
    return Replies.accounts(user.isPresent() ? owner(user.get()) : Optional.empty());
  }

  /** Names and ids of a user, also of one who has to sign in first. */
  private Optional<TokenOwner> owner(User user) throws CallRefused {
    Optional<TokenOwner> signedIn = tokens.owner(user);
    if (signedIn.isPresent()) {
      return signedIn;
    }
    String shown =
        directory.account(user.name()).map(account -> account.passwd().gecos()).orElse("");
    return user.domain()
        .provider()
        .tenantId()
        .map(tenant -> new TokenOwner(user.objectId(), tenant, user.name(), shown));
  }

  private TokenOwner signedIn(User user) throws CallRefused {
    return tokens
        .owner(user)
        .orElseThrow(
            () -> new CallRefused(BrokerStatus.INTERACTION_REQUIRED, CallRefused.NOT_SIGNED_IN));
  }

  private String token(Peer peer, CallRequest request) throws CallRefused, InterruptedException {
    return token(requested(peer, request), request);
  }

  /** Bound to the program's own key, which signs there, or to the user's key, which signs here. */
  private String token(User user, CallRequest request) throws CallRefused, InterruptedException {
    Optional<PopParameters> pop = request.pop();
    Optional<String> kid = pop.flatMap(PopParameters::kid);
    TokenRequest wanted = request.token(kid);
    TokenOwner owner = signedIn(user);
    if (pop.isEmpty() || kid.isPresent()) {
      return tokens.token(user, wanted, request.freshOnly(), owner, UnaryOperator.identity());
    }
    UserKey key = key(user);
    return tokens.token(
        user,
        request.token(Optional.of(key.id())),
        request.freshOnly(),
        owner,
        token -> key.sign(pop.get(), Optional.of(token), clock.instant()));
  }

  private UserKey key(User user) {
    return keys.computeIfAbsent(user.objectId(), ignored -> UserKey.make());
  }

  private String signed(Peer peer, CallRequest request) throws CallRefused {
    User user = requested(peer, request);
    PopParameters wanted = request.signedRequest();
    TokenOwner owner = signedIn(user);
    String own = Replies.homeAccountId(owner);
    if (wanted.homeAccountId().filter(named -> !named.equalsIgnoreCase(own)).isPresent()) {
      throw new CallRefused(BrokerStatus.WRONG_REQUEST, CallRefused.OTHER_USER);
    }
    if (wanted.kid().isPresent()) {
      throw new CallRefused(BrokerStatus.WRONG_REQUEST, "The caller's own key signs elsewhere");
    }
    return Replies.signedRequest(key(user).sign(wanted, Optional.empty(), clock.instant()));
  }

  /** The broker has the user sign in, if need be; here it is only checked that it has. */
  private String interactive(Peer peer, CallRequest request)
      throws CallRefused, InterruptedException {
    User user = requested(peer, request);
    Instant recent = clock.instant().minus(JUST_NOW);
    boolean proven = tokens.held(user).filter(kept -> kept.signedIn().isAfter(recent)).isPresent();
    if (request.wantsUser() && !proven) {
      throw new CallRefused(BrokerStatus.INTERACTION_REQUIRED, CallRefused.NOT_SIGNED_IN);
    }
    return token(user, request);
  }

  private String cookie(Peer peer, CallRequest request) throws CallRefused {
    User user = requested(peer, request);
    Optional<String> nonce = request.ssoNonce();
    TokenOwner owner =
        tokens
            .owner(user)
            .orElseThrow(
                () -> new CallRefused(BrokerStatus.INTERACTION_REQUIRED, CallRefused.NO_COOKIE));
    return tokens.cookie(user, nonce, owner);
  }

  private String removed(Peer peer, CallRequest request) throws CallRefused {
    User user = requested(peer, request);
    if (request.clientId().isEmpty()) {
      cache.drop(user.objectId());
    } else {
      cache.drop(user.objectId(), request.clientId());
    }
    return Replies.nothing();
  }

  @Override
  public void signedIn(Account account, Secret renewal) {
    if (account.objectId().isEmpty() || domains.of(account.name()).isEmpty()) {
      return; // its directory gives programs nothing
    }
    UUID user = account.objectId().get();
    Instant now = clock.instant();
    try {
      cache.drop(user); // the new sign-in may have proven more
      held.keep(user, account.name(), renewal, now, now);
      LOG.info("sso.kept", "account", account.name(), "uid", account.passwd().uid());
    } catch (KeyStoreUnavailable e) {
      LOG.warn("sso.not_kept", "user", user, "why", e.getMessage());
    }
  }

  @Override
  public void ended(AccountName name) {
    drop(name, "the directory");
  }

  /** What a lookup said, which must not wait for the key store. */
  @Override
  public void heard(AccountName name, boolean enabled) {
    if (!enabled) {
      Thread.ofVirtual().name("sso-heard").start(() -> drop(name, "a lookup"));
    }
  }

  @Override
  public void forgetAll() {
    for (Held each : all()) {
      forget(each, ADMINISTRATOR);
    }
    cache.dropAll();
  }

  /**
   * Drops what is held of one user; whether something was.
   *
   * @param by who wants that, for the log
   */
  boolean forget(AccountName name, String by) {
    return drop(name, by);
  }

  private boolean drop(AccountName name, String by) {
    boolean found = false;
    for (Held each : all()) {
      if (each.name().equals(name)) {
        forget(each, by);
        found = true;
      }
    }
    return found;
  }

  private void forget(Held each, String by) {
    cache.drop(each.objectId());
    keys.remove(each.objectId());
    if (held.drop(each.objectId())) {
      LOG.audit(AuditKind.CREDENTIAL, AuditOutcome.SUCCESS)
          .info("sso.dropped", "account", each.name(), "reason", by, "code", "-");
    }
  }

  /**
   * What is held, for {@code aad-tool sso list}; of a key store that cannot be used what is known.
   */
  List<Held> all() {
    try {
      return held.all();
    } catch (KeyStoreUnavailable e) {
      LOG.warn("sso.key_store", "why", e.getMessage());
      return List.of();
    }
  }

  /** Wipes the tokens in memory. */
  void close() {
    cache.dropAll();
  }
}
