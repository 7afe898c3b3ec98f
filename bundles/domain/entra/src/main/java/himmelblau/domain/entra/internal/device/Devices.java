package himmelblau.domain.entra.internal.device;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Machine;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;
import himmelblau.api.store.Vault;
import himmelblau.domain.entra.internal.token.Authority;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The join state of one domain. Two configured domains of one tenant share the device registration,
 * because the host is one device. Thread-safe.
 */
public final class Devices {
  private static final Log LOG = Log.of(Devices.class);
  static final String PREFIX = "entra/";
  private static final String DEVICE = "/device";
  private static final String TENANT = "/tenant";
  private static final String HOSTS = "/hosts";

  private final String domain;
  private final Vault vault;
  private final Machine machine;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Device known;

  /** Whether nothing else is stored. */
  private volatile boolean enabled;

  public Devices(String domain, Vault vault, Machine machine) {
    this.domain = domain;
    this.vault = vault;
    this.machine = machine;
  }

  Machine machine() {
    return machine;
  }

  /**
   * The device, if this host is joined.
   *
   * @param tenantId of the domain, if known
   */
  public Optional<Device> current(Optional<String> tenantId) throws SignInRefused {
    Device cached = known;
    if (cached != null) {
      return Optional.of(cached);
    }
    lock.lock();
    try {
      Optional<DeviceRecord> record = read(PREFIX + domain + DEVICE);
      if (record.isEmpty() && tenantId.isPresent()) {
        record = ofSameTenant(tenantId.get());
      }
      Optional<Device> device = record.map(found -> new Device(found, machine));
      known = device.orElse(null);
      return device;
    } catch (KeyStoreUnavailable e) {
      throw Device.hardware(e);
    } finally {
      lock.unlock();
    }
  }

  private Optional<DeviceRecord> ofSameTenant(String tenantId) throws KeyStoreUnavailable {
    for (String name : vault.names(PREFIX)) {
      Optional<DeviceRecord> other = name.endsWith(DEVICE) ? read(name) : Optional.empty();
      if (other.isPresent() && other.get().tenantId().equals(tenantId)) {
        return other;
      }
    }
    return Optional.empty();
  }

  private Optional<DeviceRecord> read(String name) throws KeyStoreUnavailable {
    Optional<Secret> kept = vault.read(name);
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    try (Secret secret = kept.get()) {
      return Optional.of(DeviceRecord.of(secret));
    } catch (DomainUnavailable e) {
      LOG.error("entra.device.record_unreadable", e);
      return Optional.empty();
    }
  }

  /** Keeps a fresh device: from here on the host is joined. */
  Device keep(DeviceRecord record) throws SignInRefused {
    lock.lock();
    try (Secret secret = record.toSecret()) {
      vault.write(PREFIX + domain + DEVICE, secret);
      Device device = new Device(record, machine);
      known = device;
      return device;
    } catch (KeyStoreUnavailable e) {
      throw Device.hardware(e);
    } finally {
      lock.unlock();
    }
  }

  /** Forgets the device, here and in the other domains of its tenant. Idempotent. */
  public void forget(Optional<String> tenantId) {
    lock.lock();
    try {
      known = null;
      vault.delete(PREFIX + domain + DEVICE);
      if (tenantId.isPresent()) {
        for (String name : vault.names(PREFIX)) {
          Optional<DeviceRecord> other = name.endsWith(DEVICE) ? read(name) : Optional.empty();
          if (other.isPresent() && other.get().tenantId().equals(tenantId.get())) {
            vault.delete(name);
          }
        }
      }
    } catch (KeyStoreUnavailable e) {
      LOG.warn("entra.device.other_domains_keep", "cause", e.getMessage());
    } finally {
      lock.unlock();
    }
  }

  /** Records that an administrator disabled this host in the directory; survives a restart. */
  public void disabled(Device device) {
    lock.lock();
    try (Secret word = Secret.ofText("disabled")) {
      enabled = false;
      vault.write(disabledName(device), word);
    } catch (KeyStoreUnavailable e) {
      LOG.warn("entra.device.disabled_not_stored", "cause", e.getMessage());
    } finally {
      lock.unlock();
    }
  }

  /** The directory accepts the device. */
  public void enabled(Device device) {
    if (!enabled) {
      lock.lock();
      try {
        vault.delete(disabledName(device));
        enabled = true;
      } finally {
        lock.unlock();
      }
    }
  }

  /** Whether this host was disabled according to the last answer of the directory. */
  public boolean lastSaidDisabled(Device device) {
    return vault.names(PREFIX).contains(disabledName(device));
  }

  private static String disabledName(Device device) {
    return PREFIX + device.record().deviceId() + "/disabled";
  }

  /** The tenant id that an earlier discovery found. */
  public Optional<String> rememberedTenant() {
    return remembered(TENANT);
  }

  /** The login host and the Graph address that an earlier discovery found, in this order. */
  public List<String> rememberedHosts() {
    return remembered(HOSTS).map(text -> List.of(text.split(" "))).orElse(List.of());
  }

  /** Keeps what a discovery found, for the time when it cannot be asked. */
  public void remember(Authority authority) {
    remember(TENANT, authority.tenantId());
    remember(HOSTS, authority.host() + " " + authority.graph());
  }

  private Optional<String> remembered(String what) {
    try (Secret kept = vault.read(PREFIX + domain + what).orElse(null)) {
      return Optional.ofNullable(kept).map(Secret::revealText);
    } catch (KeyStoreUnavailable e) {
      return Optional.empty();
    }
  }

  private void remember(String what, String value) {
    if (remembered(what).filter(value::equals).isPresent()) {
      return;
    }
    try (Secret text = Secret.ofText(value)) {
      vault.write(PREFIX + domain + what, text);
    } catch (KeyStoreUnavailable e) {
      LOG.warn("entra.tenant.id_not_stored", "cause", e.getMessage());
    }
  }
}
