package himmelblau.hello.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.HelloKind;
import himmelblau.api.hello.Hello;
import himmelblau.api.hello.PinOrigin;
import himmelblau.api.hello.PinRefused;
import himmelblau.api.hello.PinState;
import himmelblau.api.hello.Registration;
import himmelblau.api.hello.UnlockedKey;
import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyPlace;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Machine;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;
import himmelblau.hello.internal.AttemptTable.Attempt;
import himmelblau.hello.internal.AttemptTable.What;
import himmelblau.hello.internal.HelloTable.Entry;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/** The PINs: each is the PIN of a key of one user, below the machine key. */
final class HelloKeys implements Hello {
  private static final Log LOG = Log.of(HelloKeys.class);
  private static final int LONGEST = 64; // the maximum length of a PIN in a key store

  private final HelloTable table;
  private final AttemptTable attempts;
  private final Machine machine;
  private final Function<AccountName, Optional<UUID>> owners;
  private final Supplier<HelloSettings> settings;
  private final UserLocks locks;
  private final HelloKeyMigration move;
  private final OpenKeyCount open = new OpenKeyCount();

  /**
   * @param owners the object id of a name, without using the network
   */
  HelloKeys(
      HelloTable table,
      Machine machine,
      Function<AccountName, Optional<UUID>> owners,
      Supplier<HelloSettings> settings,
      UserLocks locks) {
    this.table = table;
    this.attempts = table.attempts();
    this.machine = machine;
    this.owners = owners;
    this.settings = settings;
    this.locks = locks;
    this.move = new HelloKeyMigration(table, machine);
  }

  @Override
  public PinState state(AccountName name, PinOrigin from) {
    HelloSettings now = settings.get();
    if (now.off()) {
      return PinState.DISABLED;
    }
    Optional<UUID> owner = owners.apply(name);
    if (owner.isEmpty()) {
      return PinState.NONE;
    }
    if (exhausted(owner.get(), PinOrigin.OWN, now)) {
      return PinState.LOCKED;
    }
    // A key of another machine key would always be refused; the user needs a new PIN.
    return table
        .find(owner.get())
        .filter(entry -> machine.place(entry.key()) != KeyPlace.UNREACHABLE)
        .map(entry -> exhausted(owner.get(), from, now) ? PinState.BLOCKED : PinState.READY)
        .orElse(PinState.NONE);
  }

  private boolean exhausted(UUID owner, PinOrigin from, HelloSettings now) {
    return attempts.attempts(owner, new Attempt(What.PIN, from)) >= limit(from, now)
        || attempts.attempts(owner, new Attempt(What.CODE, from)) >= now.retries();
  }

  /** A password of another module is not mistyped: a second attempt would not be different. */
  private static int limit(PinOrigin from, HelloSettings now) {
    return from == PinOrigin.OTHER_MODULE ? 1 : now.retries();
  }

  @Override
  public UnlockedKey unlock(AccountName name, Secret pin, PinOrigin from)
      throws PinRefused, KeyStoreUnavailable {
    HelloSettings now = settings.get();
    Optional<UUID> owner = owners.apply(name);
    if (now.off() || owner.isEmpty()) {
      throw new PinRefused(0, 0);
    }
    ReentrantLock lock = locks.hold(owner.get());
    try {
      Entry entry = table.find(owner.get()).orElseThrow(() -> new PinRefused(0, 0));
      return unlock(entry, pin, new Attempt(What.PIN, from), limit(from, now));
    } finally {
      lock.unlock();
    }
  }

  private UnlockedKey unlock(Entry entry, Secret pin, Attempt kind, int limit)
      throws PinRefused, KeyStoreUnavailable {
    UUID owner = entry.owner();
    // Counted first: killing the daemon during the check still uses up an attempt.
    int attempt = attempts.count(owner, kind, limit);
    if (attempt == 0) {
      exhausted(owner, kind, limit);
      throw new PinRefused(limit, 0);
    }
    try {
      Key key = load(entry.key(), pin);
      attempts.clear(owner, kind);
      if (open.none(owner) && move.due(entry)) {
        Optional<HelloKeyMigration.Moved> moved = move.attempt(entry, key, pin);
        if (moved.isPresent()) {
          return new OpenKey(table, moved.get().entry(), moved.get().key(), open);
        }
      }
      return new OpenKey(table, entry, key, open);
    } catch (WrongPin e) {
      if (attempt >= limit) {
        exhausted(owner, kind, limit);
      }
      throw new PinRefused(attempt, limit - attempt);
    } catch (KeyStoreUnavailable e) {
      attempts.takeBack(owner, kind);
      throw e;
    } catch (KeyRefused e) {
      attempts.takeBack(owner, kind);
      throw new KeyStoreUnavailable(
          "The key of the PIN no longer belongs to the key store of this machine, or it was "
              + "changed; sign in with multi-factor authentication and set a new PIN",
          e);
    }
  }

  /** Only the user's own attempts can delete the PIN. */
  private void exhausted(UUID owner, Attempt kind, int limit) {
    if (kind.from() == PinOrigin.OWN) {
      table.deleteKey(owner);
      LOG.audit(AuditKind.CREDENTIAL, AuditOutcome.SUCCESS)
          .warn("hello.pin.destroyed", "user", owner, "attempts", limit);
    } else {
      LOG.audit(AuditKind.CREDENTIAL, AuditOutcome.DENIED)
          .warn("hello.pin.blocked", "user", owner, "attempts", limit, "from", kind.from());
    }
  }

  @Override
  public void reopen(AccountName name) {
    owners.apply(name).ifPresent(attempts::clearOthers);
  }

  private Key load(WrappedKey key, Secret pin) throws WrongPin, KeyRefused, KeyStoreUnavailable {
    if (pin.isEmpty() || pin.length() > LONGEST) {
      throw new WrongPin();
    }
    return machine.load(key, pin);
  }

  @Override
  public Optional<String> objection(Secret pin) {
    return PinRules.objection(pin, minimumLength());
  }

  @Override
  public int minimumLength() {
    return settings.get().minimumLength();
  }

  @Override
  public <X extends Exception> UnlockedKey enrol(
      AccountName name, UUID objectId, Secret pin, Registration<X> register)
      throws X, KeyStoreUnavailable {
    objection(pin)
        .ifPresent(
            why -> {
              throw new IllegalArgumentException(why);
            });
    WrappedKey wrapped = machine.create(KeySpec.RSA_2048, pin);
    Key key = proven(wrapped, pin);
    boolean kept = false;
    try {
      HelloKind kind = register.register(key);
      Entry entry = new Entry(objectId, name.upn(), UUID.randomUUID().toString(), wrapped, kind);
      ReentrantLock lock = locks.hold(objectId);
      try {
        table.replace(entry);
      } finally {
        lock.unlock();
      }
      kept = true;
      LOG.audit(AuditKind.CREDENTIAL, AuditOutcome.SUCCESS)
          .info("hello.enrolled", "account", name, "user", objectId, "kind", kind);
      return new OpenKey(table, entry, key, open);
    } finally {
      if (!kept) {
        key.close();
      }
    }
  }

  /** Loads a new key once, so that no user gets a PIN that does not work. */
  private Key proven(WrappedKey wrapped, Secret pin) throws KeyStoreUnavailable {
    try {
      return machine.load(wrapped, pin);
    } catch (WrongPin | KeyRefused e) {
      throw new KeyStoreUnavailable(
          "The key store cannot open the key that it has just created", e);
    }
  }

  @Override
  public void remove(AccountName name) {
    Optional<UUID> owner = owners.apply(name);
    if (owner.isEmpty()) {
      return;
    }
    ReentrantLock lock = locks.hold(owner.get());
    try {
      table.forget(owner.get());
    } finally {
      lock.unlock();
    }
    LOG.audit(AuditKind.CREDENTIAL, AuditOutcome.SUCCESS)
        .info("hello.removed", "account", name, "user", owner.get());
  }

  @Override
  public boolean renewalKept(AccountName name) {
    return owners
        .apply(name)
        .flatMap(owner -> table.item(owner, UnlockedKey.Item.RENEWAL))
        .isPresent();
  }

  @Override
  public void endOffline(Set<UUID> spared) {
    int users = table.endOffline(spared);
    if (users > 0) { // asked at each sign-in while the host is not joined
      LOG.audit(AuditKind.CREDENTIAL, AuditOutcome.SUCCESS)
          .info("hello.offline_ended", "users", users, "spared", spared.size());
    }
  }

  @Override
  public void removeAll() {
    table.forgetAll();
    LOG.audit(AuditKind.CREDENTIAL, AuditOutcome.SUCCESS).info("hello.removed", "account", "all");
  }
}
