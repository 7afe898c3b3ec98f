package himmelblau.domain.entra.internal.client;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.DomainUnavailable.Kind;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;
import himmelblau.api.store.Vault;
import himmelblau.domain.entra.internal.token.TokenEndpoint;
import himmelblau.domain.entra.internal.wire.AadstsError;
import himmelblau.domain.entra.internal.wire.Json;
import himmelblau.domain.entra.internal.wire.RequestBody;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of the confidential client of one domain: kept in memory until shortly before they
 * expire, fetched by one thread at a time, and requested again after a pause when refused. A caller
 * continues without a token if none can be obtained. Thread-safe.
 */
public final class AppTokens {
  private static final Log LOG = Log.of(AppTokens.class);
  private static final String SCOPE = "00000003-0000-0000-c000-000000000000/.default";
  private static final Duration AGAIN = Duration.ofSeconds(10);
  private static final Duration EARLY = Duration.ofMinutes(2);

  private final ClientCredentials credentials;
  private final Clock clock;
  private final RetryPauses pauses;
  private final AtomicLong generation = new AtomicLong();
  private final ReentrantLock fetching = new ReentrantLock();
  private @Nullable State state;

  /**
   * What the last try came to.
   *
   * @param token null if there is none
   * @param failure why there is none, although there is a credential
   * @param troubles for an operator
   * @param since when it was tried
   * @param until then it is tried again
   * @param failures so many in a row
   * @param of generation of the credentials
   */
  private record State(
      @Nullable AppToken token,
      @Nullable DomainUnavailable failure,
      List<String> troubles,
      Instant since,
      Instant until,
      int failures,
      long of) {}

  public AppTokens(ClientCredentials credentials, Clock clock, RetryPauses pauses) {
    this.credentials = credentials;
    this.clock = clock;
    this.pauses = pauses;
  }

  /** Runs {@code then} after a credential has changed; until it is closed. */
  public Vault.Watch watch(Runnable then) {
    return credentials.watch(
        () -> {
          generation.incrementAndGet();
          then.run();
        });
  }

  public boolean credentialPresent() {
    return credentials.present();
  }

  /** The application, by the credential that is tried first; empty if there is none. */
  public Optional<String> clientId() throws DomainUnavailable {
    if (!credentials.present()) {
      return Optional.empty();
    }
    try {
      List<Credential> all = credentials.read();
      try {
        return all.stream().map(Credential::clientId).findFirst();
      } finally {
        all.forEach(Credential::close);
      }
    } catch (KeyStoreUnavailable e) {
      throw new DomainUnavailable(Kind.TEMPORARY, String.valueOf(e.getMessage()), e);
    }
  }

  /** A token; the caller closes it. Empty if none can be had now. */
  public Optional<AppToken> token(TokenEndpoint endpoint) throws DomainUnavailable {
    return current(endpoint, false).token();
  }

  /**
   * A token; the caller closes it.
   *
   * @param again try at once even if the last attempt failed
   * @throws DomainUnavailable if there is none; says why and what to do
   */
  public AppToken require(TokenEndpoint endpoint, boolean again) throws DomainUnavailable {
    Given given = current(endpoint, again);
    if (given.token().isPresent()) {
      return given.token().get();
    }
    throw given.failure() != null
        ? given.failure()
        : new DomainUnavailable(
            Kind.PROTOCOL,
            "There is no credential for "
                + credentials.domain()
                + ": create one with aad-tool cred cert or aad-tool cred secret");
  }

  /**
   * Sees to it that there is a token if there can be one; returns how long to wait with that.
   *
   * @param again do not wait for the end of a pause, but for a short one
   */
  public Duration refresh(TokenEndpoint endpoint, boolean again) throws DomainUnavailable {
    Given given = current(endpoint, again && troubledFor(AGAIN));
    given.token().ifPresent(AppToken::close);
    return Duration.between(clock.instant(), given.until());
  }

  /** Graph did not accept the token: the next question fetches another, but for a new one. */
  public synchronized void reject() {
    State now = state;
    if (now != null && now.since().plus(pauses.refused()).isBefore(clock.instant())) {
      replace(null);
    }
  }

  /** Graph did not let it read; another token is fetched after a while. */
  public synchronized void deny(boolean users) {
    State now = state;
    if (now != null && now.token() != null) {
      List<String> troubles = new ArrayList<>(now.troubles());
      troubles.add(AppPermissions.missing(users));
      AppToken less = now.token().without(users);
      state =
          new State(
              less,
              null,
              List.copyOf(troubles),
              now.since(),
              soon(now.until()),
              now.failures(),
              now.of());
      now.token().close();
    }
  }

  /** What an operator should know. */
  public synchronized List<String> troubles() {
    State now = state;
    return now == null || now.of() != generation.get()
        ? List.of()
        : now.troubles().stream()
            .map(why -> "Lookups of " + credentials.domain() + " without a user: " + why)
            .toList();
  }

  private synchronized boolean troubledFor(Duration time) {
    State now = state;
    return now != null
        && !now.troubles().isEmpty()
        && now.since().plus(time).isBefore(clock.instant());
  }

  /** The state for one caller, with its own copy of the token. */
  private record Given(
      Optional<AppToken> token, @Nullable DomainUnavailable failure, Instant until) {}

  private synchronized Optional<Given> known(boolean again) {
    State now = state;
    Instant time = clock.instant();
    if (now == null
        || now.of() != generation.get()
        || !time.isBefore(now.until())
        || time.isBefore(now.since()) // the clock was set back
        || (again && (now.token() == null || !now.troubles().isEmpty()))) {
      return Optional.empty();
    }
    return Optional.of(
        new Given(
            Optional.ofNullable(now.token()).map(AppToken::copy), now.failure(), now.until()));
  }

  private synchronized void replace(@Nullable State next) {
    State before = state;
    state = next;
    if (before != null && before.token() != null) {
      before.token().close();
    }
  }

  private Given current(TokenEndpoint endpoint, boolean again) throws DomainUnavailable {
    Optional<Given> known = known(again);
    if (known.isPresent()) {
      return known.get();
    }
    try {
      fetching.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DomainUnavailable(Kind.NETWORK, "Stopped while waiting", e);
    }
    try {
      while (true) {
        Optional<Given> meanwhile = known(again);
        if (meanwhile.isPresent()) {
          return meanwhile.get();
        }
        replace(fetch(endpoint));
        again = false;
      }
    } finally {
      fetching.unlock();
    }
  }

  private synchronized int failures() {
    State now = state;
    return now == null || now.of() != generation.get() ? 0 : now.failures();
  }

  private State fetch(TokenEndpoint endpoint) throws DomainUnavailable {
    long of = generation.get();
    int before = failures();
    List<String> refusals = new ArrayList<>();
    List<Credential> all = List.of();
    try {
      all = credentials.present() ? credentials.read() : List.of();
      if (all.isEmpty()) {
        return new State(null, null, List.of(), clock.instant(), Instant.MAX, 0, of);
      }
      for (Credential credential : all) {
        try {
          return held(ask(endpoint, credential), credential, refusals, of);
        } catch (AadstsError e) {
          refusals.add(refusal(e, credential));
        }
      }
      return failed(new DomainUnavailable(Kind.PROTOCOL, refusals.get(0)), refusals, before, of);
    } catch (KeyStoreUnavailable e) {
      String why = String.valueOf(e.getMessage());
      LOG.warn("entra.credential_unusable", "domain", credentials.domain(), "why", why);
      return failed(new DomainUnavailable(Kind.TEMPORARY, why, e), List.of(why), before, of);
    } catch (DomainUnavailable e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e; // it does not depend on the directory
      }
      return failed(e, refusals, before, of);
    } finally {
      all.forEach(Credential::close);
    }
  }

  private Json ask(TokenEndpoint endpoint, Credential credential)
      throws DomainUnavailable, AadstsError, KeyStoreUnavailable {
    RequestBody form =
        RequestBody.form()
            .with("client_id", credential.clientId())
            .with("scope", SCOPE)
            .with("grant_type", "client_credentials");
    return endpoint.json(
        TokenEndpoint.V2,
        credential.prove(
            form, endpoint.authority().at(TokenEndpoint.V2), endpoint.clock().instant()));
  }

  private String refusal(AadstsError error, Credential credential) throws DomainUnavailable {
    error.refused(); // throws for a number that says to try later
    String advice = CredentialAdvice.of(error, credential, credentials.domain(), clock.instant());
    LOG.warn(
        "entra.credential_refused",
        "domain",
        credentials.domain(),
        "kind",
        credential.kind(),
        "reason",
        advice);
    return advice;
  }

  private State failed(DomainUnavailable why, List<String> troubles, int before, long of) {
    Duration wait = pauses.after(!troubles.isEmpty(), before);
    Instant now = clock.instant();
    return new State(null, why, List.copyOf(troubles), now, now.plus(wait), before + 1, of);
  }

  private State held(Json reply, Credential credential, List<String> refusals, long of)
      throws DomainUnavailable {
    String access = reply.require("access_token");
    Duration life = Duration.ofSeconds(Math.max(1, reply.requireNumber("expires_in")));
    Duration early = EARLY.compareTo(life.dividedBy(5)) < 0 ? EARLY : life.dividedBy(5);
    Instant now = clock.instant();
    Instant until = now.plus(life).minus(early);
    AppPermissions rights = AppPermissions.of(access);
    List<String> troubles = new ArrayList<>(refusals);
    troubles.addAll(rights.missing());
    CredentialAdvice.endingSoon(credential, credentials.domain(), now).ifPresent(troubles::add);
    LOG.debug(
        "entra.app_token", "domain", credentials.domain(), "by", credential.kind(), "life", life);
    return new State(
        new AppToken(Secret.ofText(access), rights.users(), rights.groups()),
        null,
        List.copyOf(troubles),
        now,
        rights.missing().isEmpty() ? until : soon(until),
        0,
        of);
  }

  /** A permission that is given later comes with a new token only. */
  private Instant soon(Instant until) {
    Instant soon = clock.instant().plus(pauses.refusedMost());
    return soon.isBefore(until) ? soon : until;
  }
}
