package himmelblau.domain.oidc.internal.signin;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.DomainUnavailable.Kind;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.mfa.WebAuthn;
import himmelblau.api.secret.Secret;
import himmelblau.domain.oidc.internal.issuer.DeviceAuthorization;
import himmelblau.domain.oidc.internal.issuer.IssuerMetadata;
import himmelblau.domain.oidc.internal.issuer.TokenReply;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The device authorization grant (RFC 8628). The issuer is never asked more often than it allows,
 * however often {@link #poll} is called.
 */
final class DeviceCodeChallenge implements Challenge {
  private static final Duration SLOWER = Duration.ofSeconds(5); // RFC 8628 section 3.5
  private static final int MOST_FAILURES = 5;

  private final IssuerClient client;
  private final IssuerMetadata metadata;
  private final FactorOffer offer;
  private @Nullable DeviceAuthorization begun;
  private Duration interval = Duration.ZERO;
  private long next;
  private long end;
  private int failures;
  private Instant asked = Instant.EPOCH;
  private TokenReply.@Nullable Tokens tokens;
  private boolean closed;

  DeviceCodeChallenge(IssuerClient client, IssuerMetadata metadata, FactorOffer offer) {
    this.client = client;
    this.metadata = metadata;
    this.offer = offer;
  }

  @Override
  public FactorOffer offer() {
    return offer;
  }

  @Override
  public Prompt begin() throws DomainUnavailable, SignInRefused {
    if (closed || begun != null) {
      throw new IllegalStateException("Begun already, or abandoned");
    }
    asked = client.clock().instant();
    DeviceAuthorization device = client.endpoint().authorizeDevice(metadata);
    begun = device;
    interval = device.interval();
    end = client.nanos().getAsLong() + device.life().toNanos();
    delay(interval);
    return Prompt.waiting(device.interval(), device.life())
        .withDevice(new Prompt.DeviceCode(device.address(), device.userCode()));
  }

  @Override
  public Progress poll() throws DomainUnavailable, SignInRefused {
    DeviceAuthorization device = begun;
    if (closed || device == null) {
      throw new IllegalStateException("Not begun, or abandoned");
    }
    if (tokens != null) {
      return Progress.APPROVED;
    }
    long now = client.nanos().getAsLong();
    if (now - end >= 0) {
      return Progress.EXPIRED;
    }
    if (now - next < 0) {
      return Progress.PENDING;
    }
    TokenReply reply;
    try {
      reply = client.endpoint().poll(metadata, device.deviceCode());
      failures = 0;
    } catch (DomainUnavailable e) {
      return later(e);
    }
    return switch (reply) {
      case TokenReply.Tokens given -> {
        tokens = given;
        yield Progress.APPROVED;
      }
      case TokenReply.Refused refused -> answered(refused);
    };
  }

  private Progress answered(TokenReply.Refused refused) throws DomainUnavailable, SignInRefused {
    switch (refused.code()) {
      case "authorization_pending" -> {
        delay(interval);
        return Progress.PENDING;
      }
      case "slow_down" -> {
        interval = interval.plus(SLOWER);
        delay(interval);
        return Progress.PENDING;
      }
      case "access_denied" -> {
        end = client.nanos().getAsLong(); // this code is used up
        return Progress.DENIED;
      }
      case "expired_token" -> {
        return Progress.EXPIRED;
      }
      default -> throw Refusals.ofDeviceCode(refused);
    }
  }

  /** A user in a browser must not have to begin anew for a lost packet (RFC 8628 section 3.5). */
  private Progress later(DomainUnavailable failure) throws DomainUnavailable {
    failures++;
    if (failure.kind() == Kind.PROTOCOL
        || failures >= MOST_FAILURES
        || Thread.currentThread().isInterrupted()) {
      throw failure;
    }
    delay(interval.multipliedBy(1L << failures));
    return Progress.PENDING;
  }

  private void delay(Duration pause) {
    next = client.nanos().getAsLong() + pause.toNanos();
  }

  /** When the sign-in began. */
  Instant asked() {
    return asked;
  }

  /** The tokens of the approved sign-in; they stay this challenge's. */
  Optional<TokenReply.Tokens> tokens() {
    return Optional.ofNullable(tokens);
  }

  /** Abandons it: the issuer is not asked any more. Idempotent. */
  void close() {
    closed = true;
    if (tokens != null) {
      tokens.close();
      tokens = null;
    }
  }

  @Override
  public Progress submit(Secret code) {
    throw new IllegalStateException("The code is entered in a browser");
  }

  @Override
  public Progress respond(WebAuthn.Assertion assertion) {
    throw new IllegalStateException("A device code has no security key");
  }
}
