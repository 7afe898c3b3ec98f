package himmelblau.machine.internal;

import himmelblau.api.hsm.KeyPlace;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrappedKey;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The open machine keys by row. A user of a key holds a lease; retired keys are closed and wiped
 * when the last lease ends.
 */
final class OpenMachines {
  private final Map<Long, MachineKey> machines;
  private final long current;
  private final ReentrantLock lock = new ReentrantLock();
  private int leases;
  private boolean retired;

  /** Takes over the machines. */
  OpenMachines(Map<Long, MachineKey> machines, long current) {
    this.machines = Map.copyOf(machines);
    this.current = current;
    if (!this.machines.containsKey(current)) {
      throw new IllegalArgumentException("The current machine key is not open");
    }
  }

  long currentId() {
    return current;
  }

  MachineKey current() {
    return Objects.requireNonNull(machines.get(current));
  }

  Optional<MachineKey> byId(long id) {
    return Optional.ofNullable(machines.get(id));
  }

  /** Whether every machine key of {@code other} that is still kept is open here, too. */
  boolean covers(OpenMachines other, Set<Long> kept) {
    return other.machines.keySet().stream()
        .allMatch(id -> machines.containsKey(id) || !kept.contains(id));
  }

  /** Where a tagged key lies; also after {@link #retire}. */
  KeyPlace place(WrappedKey key) {
    long id;
    try {
      id = TaggedBlob.read(key.blob()).id();
    } catch (KeyRefused e) {
      return KeyPlace.UNREACHABLE;
    }
    MachineKey owner = machines.get(id);
    if (owner == null || !owner.store().equals(key.store())) {
      return KeyPlace.UNREACHABLE;
    }
    if (id == current) {
      return KeyPlace.CURRENT;
    }
    boolean moves =
        owner.exports(key.spec(), key.pinProtected())
            && current().imports(key.spec(), key.pinProtected());
    return moves ? KeyPlace.MOVABLE : KeyPlace.FIXED;
  }

  /** Whether a lease was given; not after {@link #retire}. */
  boolean enter() {
    lock.lock();
    try {
      if (retired) {
        return false;
      }
      leases++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  void leave() {
    boolean last;
    lock.lock();
    try {
      leases--;
      last = retired && leases == 0;
    } finally {
      lock.unlock();
    }
    if (last) {
      closeAll();
    }
  }

  /** No more leases; closes once the last one ended. */
  void retire() {
    boolean now;
    lock.lock();
    try {
      now = !retired && leases == 0;
      retired = true;
    } finally {
      lock.unlock();
    }
    if (now) {
      closeAll();
    }
  }

  private void closeAll() {
    machines.values().forEach(MachineKey::close);
  }
}
