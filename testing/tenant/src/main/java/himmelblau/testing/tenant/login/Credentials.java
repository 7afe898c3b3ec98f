package himmelblau.testing.tenant.login;

import himmelblau.testing.tenant.crypto.Encoding;
import himmelblau.testing.tenant.crypto.SessionJwe;
import himmelblau.testing.tenant.crypto.Totp;
import himmelblau.testing.tenant.crypto.WebAuthn;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.web.Refusal;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What users prove themselves with, beside their phones, and how often they got it wrong. */
public final class Credentials {
  private static final int LOCK_AFTER = 10;
  private static final int LOCK_SECONDS = 60;
  private static final String PASS_ALPHABET =
      "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789$!*&%";

  /** A Temporary Access Pass. */
  private record Pass(String value, Instant expires, boolean once, boolean used) {}

  private record Failures(int count, Instant last) {}

  private final Directory directory;
  private final TenantClock clock;
  private final Map<UUID, Pass> passes = new HashMap<>();
  private final Map<UUID, Failures> failures = new HashMap<>();
  private final Map<UUID, List<WebAuthn.Passkey>> passkeys = new HashMap<>();
  private final Set<String> usedSteps = new HashSet<>();

  public Credentials(Directory directory, TenantClock clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /**
   * The user of a name and a password.
   *
   * @throws Refusal 50034, 50053, 50126 or 50057; an expired password is no reason here
   */
  public synchronized User password(String name, String password) {
    User user =
        directory
            .user(name)
            .orElseThrow(
                () ->
                    Refusal.aadsts(
                        50034,
                        "The user account "
                            + name
                            + " does not exist in the directory. To sign into this application,"
                            + " the account must be added to the directory."));
    Instant now = clock.now();
    Failures before = failures.getOrDefault(user.id(), new Failures(0, Instant.EPOCH));
    if (before.count() >= LOCK_AFTER && now.isBefore(before.last().plusSeconds(LOCK_SECONDS))) {
      throw Refusal.aadsts(50053);
    }
    if (user.password().isEmpty() || !same(user.password(), password)) {
      failures.put(user.id(), new Failures(before.count() + 1, now));
      throw Refusal.aadsts(50126);
    }
    failures.remove(user.id());
    if (!user.enabled()) {
      throw Refusal.aadsts(50057);
    }
    return user;
  }

  /** Makes a Temporary Access Pass, replacing an earlier one. */
  public synchronized String newPass(User user, int seconds, boolean once) {
    StringBuilder value = new StringBuilder();
    for (byte b : SessionJwe.random(8)) {
      value.append(PASS_ALPHABET.charAt((b & 0xff) % PASS_ALPHABET.length()));
    }
    passes.put(
        user.id(), new Pass(value.toString(), clock.now().plusSeconds(seconds), once, false));
    return value.toString();
  }

  public synchronized boolean hasPass(User user) {
    Pass pass = passes.get(user.id());
    return pass != null && !(pass.once() && pass.used()) && clock.now().isBefore(pass.expires());
  }

  /**
   * Uses a Temporary Access Pass.
   *
   * @throws Refusal 130502 without one, 130503 wrong, 130504 expired, 130505 used before
   */
  public synchronized void usePass(User user, String value) {
    Pass pass = passes.get(user.id());
    if (pass == null) {
      throw Refusal.aadsts(130502);
    }
    if (!same(pass.value(), value)) {
      throw Refusal.aadsts(130503);
    }
    if (clock.now().isAfter(pass.expires())) {
      throw Refusal.aadsts(130504);
    }
    if (pass.once() && pass.used()) {
      throw Refusal.aadsts(130505);
    }
    passes.put(user.id(), new Pass(pass.value(), pass.expires(), pass.once(), true));
  }

  /** The TOTP secret of a user: always the same one, so that an app can be set up once. */
  public static byte[] totpSecret(User user) {
    return Arrays.copyOf(Encoding.sha256(Encoding.utf8("totp:" + user.tenant() + user.id())), 20);
  }

  /** The code that the user's app shows now. */
  public String otp(User user) {
    return Totp.code(totpSecret(user), Totp.step(clock.now()));
  }

  /** Checks a code of the app; the answer is the service's word for it. */
  public synchronized String checkOtp(User user, String code) {
    long now = Totp.step(clock.now());
    for (long step = now - 1; step <= now + 1; step++) {
      if (same(Totp.code(totpSecret(user), step), code)) {
        return usedSteps.add(user.id() + ":" + step) ? "Success" : "OathCodeDuplicate";
      }
    }
    for (long step = now - 10; step < now - 1; step++) {
      if (same(Totp.code(totpSecret(user), step), code)) {
        return "OathCodeOld";
      }
    }
    return "OathCodeIncorrect";
  }

  /**
   * Registers a passkey.
   *
   * @throws IllegalArgumentException if somebody has one with this credential id
   */
  public synchronized void add(User user, WebAuthn.Passkey passkey) {
    boolean taken =
        passkeys.values().stream()
            .flatMap(List::stream)
            .anyMatch(key -> Arrays.equals(key.credentialId(), passkey.credentialId()));
    if (taken) {
      throw new IllegalArgumentException(
          "there is a passkey with this credential id already; remove it, or use another id");
    }
    passkeys.computeIfAbsent(user.id(), id -> new ArrayList<>()).add(passkey);
  }

  public synchronized void removePasskeys(User user) {
    passkeys.remove(user.id());
  }

  public synchronized List<WebAuthn.Passkey> passkeys(User user) {
    return List.copyOf(passkeys.getOrDefault(user.id(), List.of()));
  }

  public synchronized Optional<WebAuthn.Passkey> passkey(User user, byte[] credentialId) {
    return passkeys(user).stream()
        .filter(key -> Arrays.equals(key.credentialId(), credentialId))
        .findFirst();
  }

  private static boolean same(String expected, String given) {
    return MessageDigest.isEqual(Encoding.utf8(expected), Encoding.utf8(given));
  }
}
