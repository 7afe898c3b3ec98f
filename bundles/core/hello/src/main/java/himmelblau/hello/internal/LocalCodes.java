package himmelblau.hello.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.hello.PinOrigin;
import himmelblau.api.hello.PinRefused;
import himmelblau.api.hello.Totp;
import himmelblau.api.hello.UnlockedKey;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;
import himmelblau.hello.internal.AttemptTable.Attempt;
import himmelblau.hello.internal.AttemptTable.What;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** One-time codes whose secrets are sealed with Hello keys. */
final class LocalCodes implements Totp {
  private static final Log LOG = Log.of(LocalCodes.class);
  private static final int SECRET_BYTES = 20;
  private static final int SKEW = 1; // steps a clock may be off

  private final HelloTable table;
  private final AttemptTable attempts;
  private final Supplier<HelloSettings> settings;
  private final UserLocks locks;
  private final InstantSource clock;
  private final String issuer;
  private final SecureRandom random = new SecureRandom();

  LocalCodes(
      HelloTable table,
      Supplier<HelloSettings> settings,
      UserLocks locks,
      InstantSource clock,
      String host) {
    this.table = table;
    this.attempts = table.attempts();
    this.settings = settings;
    this.locks = locks;
    this.clock = clock;
    this.issuer = "Himmelblau " + host;
  }

  @Override
  public boolean enabled() {
    return settings.get().codes();
  }

  @Override
  public boolean enrolled(UnlockedKey key) throws KeyStoreUnavailable {
    Optional<Secret> kept = key.read(UnlockedKey.Item.TOTP);
    kept.ifPresent(Secret::close);
    return kept.isPresent();
  }

  @Override
  public Enrolment propose(AccountName name) {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return new Enrolment(Secret.taking(bytes), TimeCode.base32(bytes), issuer, name.upn());
  }

  @Override
  public boolean confirm(UnlockedKey key, Enrolment enrolment, Secret code)
      throws KeyStoreUnavailable {
    OptionalLong step = step(enrolment.secret(), code);
    if (step.isEmpty() || !attempts.useStep(key.objectId(), step.getAsLong(), present() + SKEW)) {
      return false;
    }
    key.write(UnlockedKey.Item.TOTP, enrolment.secret());
    return true;
  }

  @Override
  public void verify(UnlockedKey key, Secret code, PinOrigin from)
      throws PinRefused, KeyStoreUnavailable {
    UUID owner = key.objectId();
    Attempt kind = new Attempt(What.CODE, from);
    int limit = settings.get().retries();
    ReentrantLock lock = locks.hold(owner);
    try (Secret secret = key.read(UnlockedKey.Item.TOTP).orElseThrow(() -> new PinRefused(0, 0))) {
      int attempt = attempts.count(owner, kind, limit);
      if (attempt == 0) {
        exhausted(owner, kind, limit);
        throw new PinRefused(limit, 0);
      }
      OptionalLong step = step(secret, code);
      if (step.isPresent() && attempts.useStep(owner, step.getAsLong(), present() + SKEW)) {
        attempts.clear(owner, kind);
        return;
      }
      if (attempt >= limit) {
        exhausted(owner, kind, limit);
      }
      throw new PinRefused(attempt, limit - attempt);
    } finally {
      lock.unlock();
    }
  }

  /** As for wrong PINs. */
  private void exhausted(UUID owner, Attempt kind, int limit) {
    if (kind.from() == PinOrigin.OWN) {
      table.deleteKey(owner);
      LOG.audit(AuditKind.CREDENTIAL, AuditOutcome.SUCCESS)
          .warn("hello.pin.destroyed", "user", owner, "codes", limit);
    } else {
      LOG.audit(AuditKind.CREDENTIAL, AuditOutcome.DENIED)
          .warn("hello.pin.blocked", "user", owner, "codes", limit, "from", kind.from());
    }
  }

  private long present() {
    return clock.instant().getEpochSecond() / TimeCode.STEP_SECONDS;
  }

  /** The time step whose code this is. Compares all steps, each in constant time. */
  private OptionalLong step(Secret secret, Secret code) {
    long now = present();
    long found = -1;
    for (long step = now - SKEW; step <= now + SKEW; step++) {
      long candidate = step;
      byte[] expected = secret.use(bytes -> TimeCode.at(bytes, candidate));
      if (code.use(typed -> MessageDigest.isEqual(expected, typed))) {
        found = candidate;
      }
    }
    return found < 0 ? OptionalLong.empty() : OptionalLong.of(found);
  }
}
