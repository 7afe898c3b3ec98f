package himmelblau.machine.internal;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyPlace;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Machine;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The {@link Machine} service for other bundles. It stays valid when the key store behind it is
 * replaced: meanwhile calls wait up to {@code connection_timeout}; running calls finish on the old
 * one.
 */
final class SwitchableMachine implements Machine {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition opened = lock.newCondition();
  private volatile Duration patience;
  private @Nullable OpenMachines open;
  private volatile @Nullable OpenMachines known; // also while suspended
  private boolean ended;
  private String reason = "The key store has not been opened yet";

  SwitchableMachine(Duration patience) {
    this.patience = patience;
  }

  void patience(Duration patience) {
    this.patience = patience;
  }

  /** From now on calls go to {@code next}. */
  void use(OpenMachines next) {
    OpenMachines before;
    lock.lock();
    try {
      before = open;
      open = next;
      known = next;
      opened.signalAll();
    } finally {
      lock.unlock();
    }
    if (before != null) {
      before.retire();
    }
  }

  /** Whether {@code next} opens less than what is in use, of the rows {@code kept}. */
  boolean losesBy(OpenMachines next, Set<Long> kept) {
    lock.lock();
    try {
      return open != null && !next.covers(open, kept);
    } finally {
      lock.unlock();
    }
  }

  /** From now on calls wait. */
  void suspend(String why) {
    OpenMachines before;
    lock.lock();
    try {
      before = open;
      open = null;
      reason = why;
    } finally {
      lock.unlock();
    }
    if (before != null) {
      before.retire();
    }
  }

  /** From now on calls fail at once, also those that wait: no store will be opened again. */
  void end(String why) {
    suspend(why);
    lock.lock();
    try {
      ended = true;
      opened.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether calls that began now would wait. */
  boolean suspended() {
    lock.lock();
    try {
      return open == null;
    } finally {
      lock.unlock();
    }
  }

  /** Whether new keys and values go to that store now. */
  boolean current(String store) {
    lock.lock();
    try {
      return open != null && open.current().store().equals(store);
    } finally {
      lock.unlock();
    }
  }

  private OpenMachines lease() throws KeyStoreUnavailable {
    long left = patience.toNanos();
    lock.lock();
    try {
      while (open == null || !open.enter()) {
        if (ended || left <= 0) {
          throw new KeyStoreUnavailable(reason);
        }
        left = opened.awaitNanos(left);
      }
      return open;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KeyStoreUnavailable("Interrupted while the key store was being replaced", e);
    } finally {
      lock.unlock();
    }
  }

  private static MachineKey owner(OpenMachines machines, TaggedBlob tagged) throws KeyRefused {
    return machines
        .byId(tagged.id())
        .orElseThrow(
            () ->
                new KeyRefused(
                    "This value belongs to machine key "
                        + tagged.id()
                        + ", which does not belong to this machine or cannot be opened now"));
  }

  @Override
  public String store() {
    try {
      OpenMachines machines = lease();
      try {
        return machines.current().store();
      } finally {
        machines.leave();
      }
    } catch (KeyStoreUnavailable e) {
      return "none";
    }
  }

  @Override
  public WrappedKey create(KeySpec spec, @Nullable Secret pin) throws KeyStoreUnavailable {
    OpenMachines machines = lease();
    try {
      return tag(machines.currentId(), machines.current().create(spec, pin));
    } finally {
      machines.leave();
    }
  }

  @Override
  public Key load(WrappedKey key, @Nullable Secret pin)
      throws KeyStoreUnavailable, WrongPin, KeyRefused {
    TaggedBlob tagged = TaggedBlob.read(key.blob());
    OpenMachines machines = lease();
    try {
      return owner(machines, tagged).load(untag(key, tagged), pin);
    } finally {
      machines.leave();
    }
  }

  @Override
  public byte[] seal(Secret plain, String label) throws KeyStoreUnavailable {
    OpenMachines machines = lease();
    try {
      return TaggedBlob.tag(machines.currentId(), machines.current().seal(plain, label));
    } finally {
      machines.leave();
    }
  }

  @Override
  public Secret unseal(byte[] sealed, String label) throws KeyStoreUnavailable, KeyRefused {
    TaggedBlob tagged = TaggedBlob.read(sealed);
    OpenMachines machines = lease();
    try {
      return owner(machines, tagged).unseal(tagged.bytes(), label);
    } finally {
      machines.leave();
    }
  }

  @Override
  public KeyPlace place(WrappedKey key) {
    OpenMachines machines = known;
    return machines == null ? KeyPlace.UNREACHABLE : machines.place(key);
  }

  @Override
  public boolean imports(KeySpec spec, boolean pinProtected) {
    OpenMachines machines = known;
    return machines != null && machines.current().imports(spec, pinProtected);
  }

  @Override
  public Optional<Secret> export(WrappedKey key, @Nullable Secret pin)
      throws KeyStoreUnavailable, WrongPin, KeyRefused {
    TaggedBlob tagged = TaggedBlob.read(key.blob());
    OpenMachines machines = lease();
    try {
      return owner(machines, tagged).export(untag(key, tagged), pin);
    } finally {
      machines.leave();
    }
  }

  @Override
  public Optional<WrappedKey> importKey(KeySpec spec, Secret material, @Nullable Secret pin)
      throws KeyStoreUnavailable {
    OpenMachines machines = lease();
    try {
      long id = machines.currentId();
      return machines.current().importKey(spec, material, pin).map(key -> tag(id, key));
    } finally {
      machines.leave();
    }
  }

  static WrappedKey tag(long id, WrappedKey key) {
    return new WrappedKey(
        key.store(), key.spec(), key.pinProtected(), TaggedBlob.tag(id, key.blob()));
  }

  static WrappedKey untag(WrappedKey key, TaggedBlob tagged) {
    return new WrappedKey(key.store(), key.spec(), key.pinProtected(), tagged.bytes());
  }
}
