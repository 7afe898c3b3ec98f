package himmelblau.socket.internal;

import himmelblau.api.log.Log;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Limits the number of connections of each uid. All uids except root share a further limit, because
 * a user with subordinate uids controls thousands of uids, and memory is limited. Of what remains
 * of that limit, a uid gets at most half, so that a few uids never use up the share of another.
 * Thread-safe.
 */
final class ConnectionLimits {
  private static final Log LOG = Log.of(ConnectionLimits.class);
  private static final long ROOT = 0;
  private static final long ALL = -1; // in the log's memory: all but root

  private final String socket;
  private final PeerLimits limits;
  private final Map<Long, Integer> perUid = new HashMap<>();
  private final Set<Long> told = new HashSet<>();
  private int others;

  ConnectionLimits(String socket, PeerLimits limits) {
    this.socket = socket;
    this.limits = limits;
  }

  /** Counts a connection, if the limits permit it; {@link #leave} ends it. */
  synchronized boolean enter(long uid) {
    int connections = perUid.getOrDefault(uid, 0);
    boolean over = uid != ROOT && connections > 0 && connections >= limits.others() - others;
    if (over || connections >= limits.connectionsOf(uid)) {
      tell(uid, "too many", uid);
      return false;
    }
    if (uid != ROOT && others >= limits.others()) {
      tell(ALL, "too many of all but root", uid);
      return false;
    }
    perUid.put(uid, connections + 1);
    others += uid == ROOT ? 0 : 1;
    return true;
  }

  /** Once, until there is room again. */
  private void tell(long whose, String reason, long uid) {
    if (told.add(whose)) {
      LOG.warn("connection.refused", "socket", socket, "uid", uid, "reason", reason);
    }
  }

  synchronized void leave(long uid) {
    told.remove(uid);
    perUid.computeIfPresent(uid, (key, connections) -> connections > 1 ? connections - 1 : null);
    if (uid != ROOT) {
      told.remove(ALL);
      others--;
    }
  }
}
