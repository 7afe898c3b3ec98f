package himmelblau.socket.internal;

import himmelblau.api.login.Peer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * Decides which peers may wait longer for a lookup than the usual limit. Programs that begin a
 * session ask once whether a user exists, and take a late answer as "no". Only processes of root
 * are identified by their program; other processes only delay themselves. Thread-safe.
 */
final class LongerLookups {
  /** Enough for two queries to a directory that takes a second or more for each. */
  static final Duration LONGEST = Duration.ofMillis(4500);

  private static final Set<String> PROGRAMS = Set.of("sshd", "sshd-session", "login", "su", "sudo");
  private static final int MOST_AT_ONCE = 16;

  private final Semaphore places = new Semaphore(MOST_AT_ONCE);

  /** A place, to be closed. */
  interface Place extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Whether {@code peer} may wait.
   *
   * @param program as the peer calls itself
   * @return empty if not, or if too many do
   */
  Optional<Place> place(Peer peer, String program) {
    if (!peer.root() || !PROGRAMS.contains(program) || !places.tryAcquire()) {
      return Optional.empty();
    }
    return Optional.of(places::release);
  }
}
