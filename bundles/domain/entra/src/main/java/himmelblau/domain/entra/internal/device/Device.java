package himmelblau.domain.entra.internal.device;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Machine;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.crypto.Base64s;
import himmelblau.domain.entra.internal.crypto.Jws;
import himmelblau.domain.entra.internal.crypto.SessionKey;
import himmelblau.domain.entra.internal.crypto.WrappedSessionKey;
import himmelblau.domain.entra.internal.wire.Refusals;

/** A joined host: authenticates with the keys of its record. Thread-safe. */
public final class Device {
  private static final Log LOG = Log.of(Device.class);

  private final DeviceRecord record;
  private final Machine machine;
  private volatile boolean proven;

  Device(DeviceRecord record, Machine machine) {
    this.record = record;
    this.machine = machine;
  }

  public DeviceRecord record() {
    return record;
  }

  /** Notes that the directory has accepted it since this process started. */
  public void proven() {
    proven = true;
  }

  public boolean isProven() {
    return proven;
  }

  /** Signs {@code claims} (JSON, borrowed) with the device's identity. */
  public Secret sign(byte[] claims) throws SignInRefused {
    String header =
        "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"x5c\":[\""
            + Base64s.standard(record.certificate())
            + "\"],\"kdf_ver\":2}";
    try (Key key = load(record.identityKey())) {
      return Jws.rs256(header, claims, key);
    } catch (KeyStoreUnavailable e) {
      throw hardware(e);
    }
  }

  /** Unwraps a session key that was wrapped for this device. */
  public SessionKey unwrap(String jwe) throws DomainUnavailable, SignInRefused {
    try (Key key = load(record.transportKey())) {
      return WrappedSessionKey.unwrap(jwe, key);
    } catch (KeyStoreUnavailable e) {
      throw hardware(e);
    }
  }

  private Key load(WrappedKey key) throws SignInRefused {
    try {
      return machine.load(key, null);
    } catch (KeyStoreUnavailable | KeyRefused | WrongPin e) {
      throw hardware(e);
    }
  }

  /** The keys of this host cannot be used now; nothing is deleted for that. */
  public static SignInRefused hardware(Exception cause) {
    LOG.audit(AuditKind.KEY, AuditOutcome.FAILED).error("entra.device.key_unusable", cause);
    return Refusals.because(Reason.OTHER, Refusals.HARDWARE);
  }
}
