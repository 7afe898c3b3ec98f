package himmelblau.hello.internal;

import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One lock for each user, so that attempts on one PIN are serialised and never delay other users.
 */
final class UserLocks {
  private final ConcurrentHashMap<UUID, ReentrantLock> locks = new ConcurrentHashMap<>();

  /** The user's lock, held by the caller, who unlocks it. */
  ReentrantLock hold(UUID user) {
    ReentrantLock lock = locks.computeIfAbsent(user, id -> new ReentrantLock());
    lock.lock();
    return lock;
  }
}
