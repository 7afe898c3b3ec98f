package himmelblau.testing.tenant.token;

import himmelblau.testing.tenant.directory.Device;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.Settings;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.web.Refusal;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Decides at every grant whether a token may be issued. */
public final class TokenPolicy {
  private final Directory directory;
  private final Settings settings;
  private final TenantClock clock;

  public TokenPolicy(Directory directory, Settings settings, TenantClock clock) {
    this.directory = directory;
    this.settings = settings;
    this.clock = clock;
  }

  /** The user behind a proof, if they still exist, are enabled, and were not signed out since. */
  public User user(Proof proof, Instant issued) {
    User user =
        directory.user(proof.tenant(), proof.user()).orElseThrow(() -> Refusal.aadsts(500341));
    if (!user.enabled()) {
      throw Refusal.aadsts(50057);
    }
    if (issued.isBefore(user.tokensValidFrom())) {
      throw Refusal.aadsts(50173);
    }
    proof.device().ifPresent(this::device);
    return user;
  }

  /** A device that exists and is enabled. */
  public Device device(UUID id) {
    Device device = directory.device(id).orElseThrow(() -> Refusal.aadsts(50155));
    if (!device.enabled()) {
      throw Refusal.aadsts(135011);
    }
    return device;
  }

  /** What is missing for a token: the AADSTS number, or nothing. */
  public Optional<Integer> missing(User user, Proof proof, String resource) {
    if (proof.mfa()) {
      return Optional.empty();
    }
    boolean enrolled = !user.secondFactors().isEmpty();
    boolean always =
        (resource.equals(Resources.DRS) && settings.on("mfa-to-join"))
            || (resource.equals(Resources.PORTAL) && settings.on("mfa-for-portal"));
    if (always) {
      return Optional.of(enrolled ? 50076 : 50072);
    }
    return settings.text("mfa").equals("always") && enrolled
        ? Optional.of(50076)
        : Optional.empty();
  }

  /** Whether a second factor was shown so lately that it counts as part of this sign-in. */
  public boolean fresh(Proof proof) {
    return proof
        .mfaTime()
        .filter(
            time -> clock.now().isBefore(time.plusSeconds(settings.number("mfa-fresh-seconds"))))
        .isPresent();
  }

  /**
   * Conditional Access: with the setting {@code require-device} a sign-in has to come from a device
   * of the directory, but for what a host needs to become one.
   */
  public void requireDevice(Proof proof, String resource) {
    if (settings.on("require-device")
        && proof.device().isEmpty()
        && !resource.equals(Resources.DRS)
        && !resource.equals(Resources.INTUNE)) {
      throw Refusal.aadsts(53000);
    }
  }

  /** Demands that nothing is missing, as the token endpoint does. */
  public void require(User user, Proof proof, String resource) {
    requireDevice(proof, resource);
    Optional<Integer> code = missing(user, proof, resource);
    if (code.isPresent()) {
      throw Refusal.aadsts(code.get())
          .withClaims("{\"access_token\":{\"capolids\":{\"essential\":true,\"values\":[]}}}");
    }
  }
}
