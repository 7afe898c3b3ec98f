package himmelblau.testing.tenant.token;

import himmelblau.testing.tenant.crypto.Encoding;
import himmelblau.testing.tenant.crypto.SessionJwe;
import himmelblau.testing.tenant.directory.Settings;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Server challenges: issued by us, young, and used up by the request that they succeed in. */
public final class Nonces {
  private final Map<String, Instant> issued = new ConcurrentHashMap<>();
  private final Settings settings;
  private final TenantClock clock;

  public Nonces(Settings settings, TenantClock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  public String issue() {
    Instant now = clock.now();
    if (issued.size() > 10_000) {
      issued.values().removeIf(time -> stale(time, now));
    }
    String nonce = "AwABAAEAAAACAOz_" + Encoding.b64u(SessionJwe.random(48));
    issued.put(nonce, now);
    return nonce;
  }

  public boolean valid(String nonce) {
    Instant time = issued.get(nonce);
    return time != null && !stale(time, clock.now());
  }

  /** Called when a request succeeded; the next one with this nonce is a replay. */
  public void use(String nonce) {
    if (settings.on("nonce-single-use")) {
      issued.remove(nonce);
    }
  }

  private boolean stale(Instant time, Instant now) {
    return now.isAfter(time.plusSeconds(settings.number("nonce-seconds")));
  }
}
