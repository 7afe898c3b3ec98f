package himmelblau.sso.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;
import himmelblau.api.sso.IssuedToken;
import himmelblau.api.sso.SsoCookie;
import himmelblau.api.sso.TokenOwner;
import himmelblau.api.sso.TokenRequest;
import himmelblau.sso.internal.SsoDomains.SsoDomain;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * Uses the renewals that are held: gets tokens and cookies, renews in time, and drops what the
 * directory calls invalid. Thread-safe; asks the directory for one user once at a time.
 */
final class UserTokens {
  private static final Log LOG = Log.of(UserTokens.class);

  /** As the directory's own clients do (entra-tokens 6.10). */
  private static final Duration RENEW_AFTER = Duration.ofHours(4);

  /** After a failure; what is held is valid for days. */
  private static final Duration NEXT_TRY = Duration.ofMinutes(5);

  /** Refusals after which nothing more can be had with a renewal. */
  private static final Set<Reason> ENDS =
      Set.of(
          Reason.RENEWAL_DEAD,
          Reason.NO_SUCH_ACCOUNT,
          Reason.ACCOUNT_DISABLED,
          Reason.OTHER_ACCOUNT,
          Reason.DEVICE_REMOVED,
          Reason.DEVICE_DISABLED);

  private final HeldRenewals held;
  private final TokenCache cache;
  private final InstantSource clock;
  private final Renewed told;
  private final Map<UUID, ReentrantLock> locks = new ConcurrentHashMap<>();
  private final Map<UUID, Instant> notBefore = new ConcurrentHashMap<>();

  /** What is told of the session that a renewal made. */
  interface Renewed {
    /**
     * @param session borrowed
     */
    void by(User user, Session session);
  }

  UserTokens(HeldRenewals held, TokenCache cache, InstantSource clock, Renewed told) {
    this.told = told;
    this.held = held;
    this.cache = cache;
    this.clock = clock;
  }

  /** An account of this host whose directory gives tokens. */
  record User(AccountName name, UUID objectId, SsoDomain domain) {}

  /**
   * The token reply for {@code request}.
   *
   * @param shown makes of an access token what the program presents to the resource
   */
  String token(
      User user,
      TokenRequest request,
      boolean freshOnly,
      TokenOwner owner,
      UnaryOperator<String> shown)
      throws CallRefused, InterruptedException {
    boolean kept = !freshOnly && request.claims().isEmpty();
    if (held(user).isEmpty()) {
      throw new CallRefused(BrokerStatus.INTERACTION_REQUIRED, CallRefused.NOT_SIGNED_IN);
    }
    Optional<String> known = kept ? cached(user, request, owner, shown) : Optional.empty();
    if (known.isPresent()) {
      return known.get();
    }
    ReentrantLock lock = lock(user);
    lock.lockInterruptibly();
    try {
      known = kept ? cached(user, request, owner, shown) : Optional.empty();
      return known.isPresent() ? known.get() : issued(user, request, owner, shown);
    } finally {
      lock.unlock();
    }
  }

  private ReentrantLock lock(User user) {
    return locks.computeIfAbsent(user.objectId(), ignored -> new ReentrantLock());
  }

  private Optional<String> cached(
      User user, TokenRequest request, TokenOwner owner, UnaryOperator<String> shown) {
    return cache.use(user.objectId(), request, token -> reply(token, owner, shown));
  }

  private static String reply(IssuedToken token, TokenOwner owner, UnaryOperator<String> shown) {
    return Replies.token(token, shown.apply(token.access().revealText()), owner);
  }

  private String issued(
      User user, TokenRequest request, TokenOwner owner, UnaryOperator<String> shown)
      throws CallRefused {
    Held current = renewed(user);
    try (Secret renewal = open(user, current)) {
      IssuedToken token = user.domain().tokens().token(user.name(), renewal, request);
      LOG.info(
          "sso.token",
          "account",
          user.name(),
          "client",
          request.clientId(),
          "scopes",
          brief(request),
          "pop",
          token.pop());
      String reply = reply(token, owner, shown);
      if (request.claims().isEmpty()) {
        cache.keep(user.objectId(), request, token);
      } else {
        token.close();
      }
      return reply;
    } catch (SignInRefused e) {
      LOG.info(
          "sso.refused",
          "account",
          user.name(),
          "client",
          request.clientId(),
          "reason",
          e.reason(),
          "code",
          e.code().orElse("-"));
      if (ENDS.contains(e.reason())) {
        renew(user, current); // it may be about this application only
      }
      throw new CallRefused(BrokerStatus.INTERACTION_REQUIRED, context(e));
    } catch (DomainUnavailable e) {
      throw unavailable(user, e);
    }
  }

  private static String brief(TokenRequest request) {
    String scopes = String.join(" ", request.scopes());
    return scopes.substring(0, Math.min(200, scopes.length()));
  }

  /** What the directory said, with its code, which programs look for. */
  private static String context(SignInRefused refused) {
    String code = refused.code().orElse("");
    return refused.text().contains(code) ? refused.text() : code + ": " + refused.text();
  }

  private static CallRefused unavailable(User user, DomainUnavailable e) {
    LOG.warn("sso.unavailable", "account", user.name(), "why", e.getMessage());
    return new CallRefused(BrokerStatus.NO_NETWORK, String.valueOf(e.getMessage()));
  }

  /** The cookie reply. No browser waits for the network here: what is old is renewed meanwhile. */
  String cookie(User user, Optional<String> nonce, TokenOwner owner) throws CallRefused {
    Held current =
        held(user)
            .orElseThrow(
                () -> new CallRefused(BrokerStatus.INTERACTION_REQUIRED, CallRefused.NO_COOKIE));
    if (due(user, current)) {
      Thread.ofVirtual().name("sso-renewal").start(() -> renewAside(user));
    }
    try (Secret renewal = open(user, current);
        SsoCookie cookie = user.domain().tokens().cookie(renewal, nonce)) {
      LOG.debug("sso.cookie", "account", user.name(), "nonce", nonce.isPresent());
      return Replies.cookie(cookie, owner);
    } catch (SignInRefused e) {
      drop(current, e);
      throw new CallRefused(BrokerStatus.INTERACTION_REQUIRED, CallRefused.NO_COOKIE);
    }
  }

  private void renewAside(User user) {
    ReentrantLock lock = lock(user);
    if (lock.tryLock()) { // whoever has it renews
      try {
        renewed(user);
      } catch (CallRefused e) {
        LOG.debug("sso.not_renewed", "account", user.name(), "why", e.context());
      } finally {
        lock.unlock();
      }
    }
  }

  /** Whose renewal is held; empty if none is. */
  Optional<TokenOwner> owner(User user) throws CallRefused {
    Optional<Held> current = held(user);
    if (current.isEmpty()) {
      return Optional.empty();
    }
    try (Secret renewal = open(user, current.get())) {
      return user.domain().tokens().owner(renewal);
    }
  }

  /** What is held of {@code user}. */
  Optional<Held> held(User user) throws CallRefused {
    try {
      return held.find(user.objectId());
    } catch (KeyStoreUnavailable e) {
      throw keyStore(e);
    }
  }

  private boolean due(User user, Held current) {
    Instant now = clock.instant();
    return !current.renewed().plus(RENEW_AFTER).isAfter(now)
        && !notBefore.getOrDefault(user.objectId(), Instant.MIN).isAfter(now);
  }

  /** What is held of a user, renewed if it is old. */
  private Held renewed(User user) throws CallRefused {
    Held current =
        held(user)
            .orElseThrow(
                () ->
                    new CallRefused(BrokerStatus.INTERACTION_REQUIRED, CallRefused.NOT_SIGNED_IN));
    if (!due(user, current)) {
      return current;
    }
    renew(user, current);
    return held(user)
        .orElseThrow(
            () -> new CallRefused(BrokerStatus.INTERACTION_REQUIRED, CallRefused.NOT_SIGNED_IN));
  }

  /** Renews what is held now, however young it is; whether it was renewed. */
  boolean renewNow(User user) throws CallRefused, InterruptedException {
    ReentrantLock lock = lock(user);
    lock.lockInterruptibly();
    try {
      Optional<Held> before = held(user);
      if (before.isEmpty()) {
        return false;
      }
      renew(user, before.get());
      return held(user)
          .filter(after -> after.renewed().isAfter(before.get().renewed()))
          .isPresent();
    } finally {
      lock.unlock();
    }
  }

  /** Renews what is held. It is kept when the directory cannot be asked, dropped if it is dead. */
  private void renew(User user, Held current) throws CallRefused {
    try (Secret renewal = open(user, current);
        Session session = user.domain().provider().renew(user.name(), renewal)) {
      Optional<Secret> fresh = session.renewal();
      if (fresh.isPresent()) {
        try (Secret secret = fresh.get()) {
          held.replace(current, secret, clock.instant());
        }
      }
      notBefore.remove(user.objectId());
      told.by(user, session);
    } catch (SignInRefused e) {
      notBefore.put(user.objectId(), clock.instant().plus(NEXT_TRY));
      if (ENDS.contains(e.reason())) {
        drop(current, e);
      }
    } catch (DomainUnavailable e) {
      notBefore.put(user.objectId(), clock.instant().plus(NEXT_TRY));
      LOG.warn("sso.not_renewed", "account", user.name(), "why", e.getMessage());
    } catch (KeyStoreUnavailable e) {
      throw keyStore(e);
    }
  }

  private void drop(Held current, SignInRefused e) {
    if (held.drop(current)) {
      cache.drop(current.objectId());
      LOG.audit(AuditKind.CREDENTIAL, AuditOutcome.SUCCESS)
          .info(
              "sso.dropped",
              "account",
              current.name(),
              "reason",
              e.reason(),
              "code",
              e.code().orElse("-"));
    }
  }

  /** Opens what is held, and makes sure that it is the user's. */
  private Secret open(User user, Held current) throws CallRefused {
    try {
      Secret renewal = held.open(current);
      boolean own =
          user.domain()
              .tokens()
              .owner(renewal)
              .filter(owner -> owner.objectId().equals(user.objectId()))
              .isPresent();
      if (!own) {
        renewal.close();
        held.drop(current);
        throw new CallRefused(BrokerStatus.INTERACTION_REQUIRED, CallRefused.NOT_SIGNED_IN);
      }
      return renewal;
    } catch (KeyRefused e) {
      held.drop(current);
      throw new CallRefused(BrokerStatus.INTERACTION_REQUIRED, CallRefused.NOT_SIGNED_IN);
    } catch (KeyStoreUnavailable e) {
      throw keyStore(e);
    }
  }

  private static CallRefused keyStore(KeyStoreUnavailable e) {
    LOG.warn("sso.key_store", "why", e.getMessage());
    return new CallRefused(
        BrokerStatus.UNEXPECTED, "The key store of this host cannot be used now");
  }
}
