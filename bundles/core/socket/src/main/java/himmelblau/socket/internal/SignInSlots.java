package himmelblau.socket.internal;

import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.login.SignInRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Sign-ins that may wait for a user at the same time. Local users who run {@code su} and the like,
 * remote logins and the console have places of their own, so that none of them can take those of
 * another. Within each, a client (a uid, a remote host) gets at most half of the places that are
 * left, and a quarter for one account: many requests of few never leave nothing for others.
 * Besides, a local user may begin only so many a minute. Thread-safe.
 */
final class SignInSlots {
  private static final Log LOG = Log.of(SignInSlots.class);

  /** Together they fit in root's connections (Limits), with some left for short requests. */
  enum Area {
    USERS(128, -1),
    REMOTE(256, -2),
    CONSOLE(64, -3);

    private final int places;

    /** Under which the allowance of log lines counts it; no uid is negative. */
    private final long key;

    Area(int places, long key) {
      this.places = places;
      this.key = key;
    }
  }

  /** A place, or none for what does not wait. Closing gives it back. */
  interface Place extends AutoCloseable {
    @Override
    void close();
  }

  private final Map<String, Integer> taken = new HashMap<>();
  private final LookupRateLimit begun = new LookupRateLimit(Duration.ofSeconds(1), 60);
  private final LookupRateLimit lines = new LookupRateLimit(Duration.ofSeconds(10), 5);

  /** Empty: no room. */
  Optional<Place> enter(StartFrame.Operation operation, SignInRequest request) {
    if (!operation.waits()) {
      return Optional.of(() -> {});
    }
    Area area = area(request);
    if (begun.take(request.caller(), Duration.ZERO, System.nanoTime()).isEmpty()) {
      return refused(area, request, "too many a minute");
    }
    String whole = area.name();
    String origin = whole + '\n' + origin(area, request);
    String account = origin + '\n' + request.user().toLowerCase(Locale.ROOT);
    synchronized (this) {
      int left = area.places - count(whole);
      if (left > 0 && within(origin, left / 2) && within(account, left / 4)) {
        change(1, whole, origin, account);
        return Optional.of(new Held(whole, origin, account));
      }
    }
    return refused(area, request, "too many at once");
  }

  private Optional<Place> refused(Area area, SignInRequest request, String reason) {
    // One allowance for each area: the caller of a remote login is root.
    if (lines.take(area.key, Duration.ZERO, System.nanoTime()).isPresent()) {
      LOG.audit(AuditKind.SIGN_IN, AuditOutcome.DENIED)
          .warn(
              "conversation.no_room",
              "from",
              area.name().toLowerCase(Locale.ROOT),
              "uid",
              request.caller(),
              "rhost",
              request.rhost(),
              "service",
              request.service(),
              "user",
              request.user(),
              "reason",
              reason);
    }
    return Optional.empty();
  }

  private static Area area(SignInRequest request) {
    if (request.caller() != 0) {
      return Area.USERS;
    }
    return request.rhost().isBlank() ? Area.CONSOLE : Area.REMOTE;
  }

  private static String origin(Area area, SignInRequest request) {
    return switch (area) {
      case USERS -> Long.toString(request.caller());
      case REMOTE -> request.rhost();
      case CONSOLE -> request.service() + ' ' + request.tty();
    };
  }

  private int count(String key) {
    return taken.getOrDefault(key, 0);
  }

  /** One is always allowed while there is a place. */
  private boolean within(String key, int most) {
    return count(key) < Math.max(1, most);
  }

  private synchronized void change(int by, String... keys) {
    for (String key : keys) {
      taken.merge(key, by, (a, b) -> a + b == 0 ? null : a + b);
    }
  }

  private final class Held implements Place {
    private final String[] keys;

    Held(String... keys) {
      this.keys = keys;
    }

    @Override
    public void close() {
      change(-1, keys);
    }
  }
}
