package himmelblau.machine.internal;

import himmelblau.api.hsm.Machine;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The machine keys that are open, by row. Whoever uses one holds a lease; retired keys are closed,
 * and thereby wiped, when the last lease ends.
 */
final class OpenMachines {
  private final Map<Long, Machine> machines;
  private final long current;
  private final ReentrantLock lock = new ReentrantLock();
  private int leases;
  private boolean retired;

  /** Takes over the machines. */
  OpenMachines(Map<Long, Machine> machines, long current) {
    this.machines = Map.copyOf(machines);
    this.current = current;
    if (!this.machines.containsKey(current)) {
      throw new IllegalArgumentException("The current machine key is not open");
    }
  }

  long currentId() {
    return current;
  }

  Machine current() {
    return Objects.requireNonNull(machines.get(current));
  }

  Optional<Machine> byId(long id) {
    return Optional.ofNullable(machines.get(id));
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
    machines.values().forEach(Machine::close);
  }
}
