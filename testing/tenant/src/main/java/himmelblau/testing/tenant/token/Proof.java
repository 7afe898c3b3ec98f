package himmelblau.testing.tenant.token;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * How a user was authenticated; passed from the sign-in to every grant made from it.
 *
 * @param amr methods in the order they were used: {@code pwd}, {@code rsa}, {@code mfa}, …
 * @param mfaTime when a second factor was last shown, if one was
 * @param device the device that took part, if one did
 */
public record Proof(
    UUID tenant,
    UUID user,
    Set<String> amr,
    Instant authTime,
    Optional<Instant> mfaTime,
    Optional<UUID> device) {

  public Proof {
    amr = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(amr));
  }

  public static Proof of(UUID tenant, UUID user, List<String> amr, Instant now) {
    return new Proof(
        tenant, user, new LinkedHashSet<>(amr), now, Optional.empty(), Optional.empty());
  }

  public boolean mfa() {
    return mfaTime.isPresent();
  }

  public Proof and(String method) {
    Set<String> more = new LinkedHashSet<>(amr);
    more.add(method);
    return new Proof(tenant, user, more, authTime, mfaTime, device);
  }

  public Proof without(String method) {
    Set<String> less = new LinkedHashSet<>(amr);
    less.remove(method);
    return new Proof(tenant, user, less, authTime, mfaTime, device);
  }

  public Proof withMfa(Instant when) {
    return new Proof(tenant, user, amr, authTime, Optional.of(when), device).and("mfa");
  }

  /** The device signed: {@code rsa} is what the service writes for that. */
  public Proof on(UUID deviceId) {
    return new Proof(tenant, user, amr, authTime, mfaTime, Optional.of(deviceId)).and("rsa");
  }
}
