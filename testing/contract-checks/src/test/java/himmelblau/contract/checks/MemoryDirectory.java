package himmelblau.contract.checks;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.DomainUnavailable.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Two users, the tokens that they were given, and the faults of the network to them. */
final class MemoryDirectory {
  static final String DOMAIN = "example.org";
  static final String PASSWORD = "Passw0rd!";

  /** A user. */
  record User(String local, UUID id, String displayName) {}

  final Map<String, User> users = new HashMap<>();
  final Map<String, UUID> tokens = new HashMap<>();
  final Defect defect;
  int sent;
  boolean unreachable;
  boolean throttled;
  boolean stalling;
  volatile boolean stalled;

  MemoryDirectory(Defect defect) {
    this.defect = defect;
    put("ada", "Ada");
    put("grace", "Grace");
  }

  void put(String local, String displayName) {
    users.put(local, new User(local, UUID.randomUUID(), displayName));
  }

  boolean has(Defect asked) {
    return defect == asked;
  }

  /** What each call goes through before anything is answered. */
  void network() throws DomainUnavailable {
    if (unreachable) {
      throw new DomainUnavailable(Kind.NETWORK, "refused");
    }
    if (throttled) {
      throttled = false;
      throw new DomainUnavailable(
          has(Defect.THROTTLING_IS_AN_OUTAGE) ? Kind.NETWORK : Kind.TEMPORARY, "429");
    }
    if (stalling) {
      stalling = false;
      stall();
    }
  }

  private void stall() throws DomainUnavailable {
    stalled = true;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (System.nanoTime() < end) {
      try {
        TimeUnit.SECONDS.sleep(1);
      } catch (InterruptedException e) {
        if (!has(Defect.IGNORES_INTERRUPTS)) {
          Thread.currentThread().interrupt();
          throw new DomainUnavailable(Kind.NETWORK, "interrupted", e);
        }
      }
    }
  }

  Optional<User> user(AccountName name) {
    User fallback = new User(name.local(), UUID.randomUUID(), "");
    return has(Defect.FINDS_EVERYBODY)
        ? Optional.of(users.getOrDefault(name.local(), fallback))
        : Optional.ofNullable(users.get(name.local()));
  }
}
