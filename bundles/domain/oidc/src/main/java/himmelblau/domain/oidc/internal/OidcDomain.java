package himmelblau.domain.oidc.internal;

import com.nimbusds.jwt.JWTClaimsSet;
import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
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
import himmelblau.api.http.Http;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;
import himmelblau.domain.oidc.internal.client.HostClient;
import himmelblau.domain.oidc.internal.issuer.Discovery;
import himmelblau.domain.oidc.internal.issuer.IdTokens;
import himmelblau.domain.oidc.internal.issuer.IssuerHttp;
import himmelblau.domain.oidc.internal.issuer.IssuerMetadata;
import himmelblau.domain.oidc.internal.issuer.TokenEndpoint;
import himmelblau.domain.oidc.internal.issuer.TokenReply;
import himmelblau.domain.oidc.internal.issuer.UserInfoEndpoint;
import himmelblau.domain.oidc.internal.signin.IssuerClient;
import himmelblau.domain.oidc.internal.signin.IssuerUser;
import himmelblau.domain.oidc.internal.signin.OidcSession;
import himmelblau.domain.oidc.internal.signin.OidcSignIn;
import himmelblau.domain.oidc.internal.signin.Refusals;
import himmelblau.domain.oidc.internal.signin.Renewal;
import himmelblau.domain.oidc.internal.signin.SignInWay;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** One domain whose users an OpenID Connect issuer knows. Thread-safe. */
final class OidcDomain implements DomainProvider {
  private static final Log LOG = Log.of(OidcDomain.class);
  private static final Duration REACHABLE_WITHIN = Duration.ofSeconds(4);

  private final OidcSettings settings;
  private final IssuerClient client;
  private final Clock clock;

  private OidcDomain(OidcSettings settings, IssuerClient client, Clock clock) {
    this.settings = settings;
    this.client = client;
    this.clock = clock;
  }

  static DomainProvider of(OidcSettings settings, Http http, HostClient host) {
    return of(settings, http, host, Clock.systemUTC(), System::nanoTime);
  }

  /**
   * @param nanos as {@link System#nanoTime}, for the pace of polls
   */
  static DomainProvider of(
      OidcSettings settings, Http http, HostClient host, Clock clock, LongSupplier nanos) {
    IssuerHttp web = new IssuerHttp(http);
    return new OidcDomain(
        settings,
        new IssuerClient(
            settings,
            new Discovery(web, settings.issuer(), settings.passwords().isPresent()),
            new TokenEndpoint(web, settings.issuer(), host),
            new IdTokens(web, settings.issuer(), settings.client()),
            new UserInfoEndpoint(web, settings.issuer()),
            clock,
            nanos),
        clock);
  }

  @Override
  public String domain() {
    return settings.domain();
  }

  @Override
  public List<String> aliases() {
    return List.of();
  }

  @Override
  public Optional<String> tenantId() {
    return Optional.of(settings.tenant().toString());
  }

  @Override
  public boolean confirmsNames() {
    return false;
  }

  @Override
  public boolean reachable() {
    FutureTask<Boolean> asking =
        new FutureTask<>(
            () -> {
              try {
                client.discovery().fetch();
                return true;
              } catch (DomainUnavailable e) {
                LOG.debug("domain.not_reached", "domain", domain(), "why", e.getMessage());
                return e.kind() != Kind.NETWORK;
              }
            });
    Thread worker = Thread.ofVirtual().name("reachable " + domain()).start(asking);
    try {
      return asking.get(REACHABLE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } finally {
      worker.interrupt();
    }
  }

  @Override
  public boolean joined() {
    return true; // an issuer knows no devices
  }

  @Override
  public Optional<DirectoryUser> find(AccountName name) throws DomainUnavailable {
    requireOurs(name);
    return Optional.of(DirectoryUser.provisional(name));
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
    requireOurs(name);
    if (settings.passwords().isEmpty() && !policy.methods().contains(OidcSignIn.METHOD)) {
      throw Refusals.because(Reason.NOT_SUPPORTED, Refusals.NO_BROWSER);
    }
    IssuerMetadata metadata = client.discovery().fetch();
    if (settings.passwords().isPresent() && !metadata.passwords()) {
      LOG.warn("domain.no_passwords", "domain", domain());
    }
    return OidcSignIn.begin(client, name, metadata, policy);
  }

  @Override
  public HelloKind registerHello(Session session, Key key) {
    if (!(session instanceof OidcSession)) {
      throw new IllegalArgumentException("This session belongs to another provider");
    }
    return HelloKind.LOCAL; // an issuer takes no keys
  }

  @Override
  public Session signInWithHello(AccountName name, Key key) throws SignInRefused {
    throw Refusals.because(Reason.NOT_SUPPORTED, Refusals.NO_KEYS);
  }

  @Override
  public Session renew(AccountName name, Secret renewal) throws DomainUnavailable, SignInRefused {
    requireOurs(name);
    Optional<Renewal> kept = Renewal.of(renewal, settings.tenant());
    if (kept.isEmpty()) {
      throw Refusals.because(Reason.RENEWAL_DEAD, Refusals.SESSION_ENDED);
    }
    try (Renewal old = kept.get()) {
      if (!old.name().equals(name)) { // before the issuer replaces the token
        throw Refusals.because(Reason.RENEWAL_DEAD, Refusals.SESSION_ENDED);
      }
      return renewed(old);
    }
  }

  private Session renewed(Renewal old) throws DomainUnavailable, SignInRefused {
    IssuerMetadata metadata = client.discovery().current();
    Instant asked = clock.instant();
    return switch (client.endpoint().refresh(metadata, old.token())) {
      case TokenReply.Refused refused -> throw Refusals.ofRenewal(refused);
      case TokenReply.Tokens tokens -> {
        try (tokens) {
          JWTClaimsSet claims =
              client.idTokens().verified(tokens.idToken(), metadata.keys(), asked);
          if (!claims.getSubject().equals(old.subject())) { // OpenID Connect Core 1.0, 12.2
            throw Refusals.because(Reason.RENEWAL_DEAD, Refusals.SESSION_ENDED);
          }
          IssuerUser user = client.user(claims, tokens, metadata, SignInWay.BROWSER);
          if (!user.is(old.name())) {
            throw Refusals.because(Reason.RENEWAL_DEAD, Refusals.RENAMED);
          }
          yield client.session(user, old.name(), tokens, Optional.of(old));
        }
      }
    };
  }

  @Override
  public boolean renewalAlive(Secret renewal) {
    Optional<Renewal> kept = Renewal.of(renewal, settings.tenant());
    if (kept.isEmpty()) {
      return false;
    }
    try (Renewal known = kept.get()) {
      return clock.instant().isBefore(known.until());
    }
  }

  @Override
  public boolean opensOffline() {
    return true;
  }

  @Override
  public void leave() {
    // Nothing of this host is known to the issuer.
  }

  /** A name of another domain is asked about nowhere. */
  private void requireOurs(AccountName name) throws DomainUnavailable {
    if (!name.domain().equals(settings.domain())) {
      throw new DomainUnavailable(
          Kind.PROTOCOL, name.domain() + " is not the domain " + settings.domain());
    }
  }
}
