package himmelblau.testing.tenant.login;

import himmelblau.testing.tenant.crypto.SessionJwe;
import himmelblau.testing.tenant.directory.Settings;
import himmelblau.testing.tenant.token.Grants;
import himmelblau.testing.tenant.token.Proof;
import himmelblau.testing.tenant.token.Resources;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.web.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Device codes that wait for a sign-in in another browser. */
public final class DeviceCodes {
  private static final String ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

  /** How a code stands. */
  public enum State {
    PENDING,
    APPROVED,
    DECLINED,
    REDEEMED
  }

  /** One device code. */
  public static final class DeviceCode {
    private final String userCode;
    private final String tenant;
    private final String clientId;
    private final Resources.Target target;
    private final boolean v2;
    private final boolean ngcmfa;
    private final Instant expires;
    private State state = State.PENDING;
    private Optional<Proof> proof = Optional.empty();

    private DeviceCode(
        String userCode,
        String tenant,
        String clientId,
        Resources.Target target,
        boolean v2,
        boolean ngcmfa,
        Instant expires) {
      this.userCode = userCode;
      this.tenant = tenant;
      this.clientId = clientId;
      this.target = target;
      this.v2 = v2;
      this.ngcmfa = ngcmfa;
      this.expires = expires;
    }

    public String userCode() {
      return userCode;
    }

    public String tenant() {
      return tenant;
    }

    public String clientId() {
      return clientId;
    }

    public Resources.Target target() {
      return target;
    }

    public boolean v2() {
      return v2;
    }

    public boolean ngcmfa() {
      return ngcmfa;
    }
  }

  private final Map<String, DeviceCode> byDeviceCode = new ConcurrentHashMap<>();
  private final Settings settings;
  private final TenantClock clock;

  public DeviceCodes(Settings settings, TenantClock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /** Begins a device code; the answer is the secret half. */
  public Map.Entry<String, DeviceCode> begin(
      String tenant, String clientId, Resources.Target target, boolean v2, boolean ngcmfa) {
    StringBuilder userCode = new StringBuilder();
    for (byte b : SessionJwe.random(9)) {
      userCode.append(ALPHABET.charAt((b & 0xff) % ALPHABET.length()));
    }
    DeviceCode code =
        new DeviceCode(
            userCode.toString(),
            tenant,
            clientId,
            target,
            v2,
            ngcmfa,
            clock.now().plusSeconds(settings.number("device-code-seconds")));
    String secret = "HAQABAAEAAAD" + Grants.opaque(80);
    byDeviceCode.put(secret, code);
    return Map.entry(secret, code);
  }

  /**
   * The code that somebody types.
   *
   * @throws Refusal 90119 empty, 70018 unknown, 70019 expired
   */
  public DeviceCode typed(String userCode) {
    if (userCode.isBlank()) {
      throw Refusal.aadsts(90119);
    }
    String typed = userCode.strip().toUpperCase(Locale.ROOT);
    DeviceCode code =
        byDeviceCode.values().stream()
            .filter(one -> one.userCode.equals(typed))
            .findFirst()
            .orElseThrow(() -> Refusal.aadsts(70018));
    if (clock.now().isAfter(code.expires)) {
      throw Refusal.aadsts(70019);
    }
    return code;
  }

  public synchronized void approve(String userCode, Proof proof) {
    DeviceCode code = typed(userCode);
    if (code.state != State.PENDING) {
      throw Refusal.aadsts(90120);
    }
    code.proof = Optional.of(proof);
    code.state = State.APPROVED;
  }

  public synchronized void decline(String userCode) {
    DeviceCode code = typed(userCode);
    if (code.state != State.PENDING) {
      throw Refusal.aadsts(90120);
    }
    code.state = State.DECLINED;
  }

  /** Codes that wait, for the phone page. */
  public synchronized List<DeviceCode> pending() {
    return byDeviceCode.values().stream()
        .filter(code -> code.state == State.PENDING && clock.now().isBefore(code.expires))
        .toList();
  }

  /**
   * What a poll finds.
   *
   * @throws Refusal 70016 while nobody approved, and for every other reason there is no token
   */
  public synchronized Map.Entry<DeviceCode, Proof> redeem(String deviceCode, String clientId) {
    DeviceCode code = byDeviceCode.get(deviceCode);
    if (code == null || !code.clientId.equals(clientId)) {
      throw Refusal.aadsts(7000014).as("bad_verification_code");
    }
    if (code.state == State.REDEEMED) {
      throw Refusal.aadsts(90120);
    }
    if (code.state == State.DECLINED) {
      throw Refusal.aadsts(70020);
    }
    if (clock.now().isAfter(code.expires)) {
      throw Refusal.aadsts(70019);
    }
    Proof proof = code.proof.orElseThrow(() -> Refusal.aadsts(70016));
    code.state = State.REDEEMED;
    return Map.entry(code, proof);
  }
}
