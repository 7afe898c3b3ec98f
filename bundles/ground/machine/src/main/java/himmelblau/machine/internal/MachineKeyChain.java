package himmelblau.machine.internal;

import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStore;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Opens machine keys: first those that the hsm-pin opens, then those whose auth value is sealed by
 * one of these. The current key must open; an older one that does not is reported, because the keys
 * below it may not be needed.
 */
final class MachineKeyChain {
  private final KeyStores stores;
  private final PinFile pinFile;
  private final Duration grace;

  /**
   * @param grace how long to wait for a key store that is not installed yet
   */
  MachineKeyChain(KeyStores stores, PinFile pinFile, Duration grace) {
    this.stores = stores;
    this.pinFile = pinFile;
    this.grace = grace;
  }

  /**
   * What came of it.
   *
   * @param troubles one line for each older machine key that did not open
   */
  record Opened(OpenMachines machines, Map<Long, String> troubles) {
    List<String> lines() {
      return troubles.values().stream().sorted().collect(Collectors.toList());
    }
  }

  /**
   * Opens them.
   *
   * @param auth what the hsm-pin gives; borrowed
   */
  Opened open(List<KeyRow> rows, Secret auth) throws MachineRefused, InterruptedException {
    KeyRow current =
        rows.stream()
            .filter(KeyRow::current)
            .findFirst()
            .orElseThrow(
                () ->
                    new MachineRefused(
                        "The store has machine keys, but none is marked as current: it is damaged"));
    Map<Long, MachineKey> machines = new HashMap<>();
    Map<Long, String> troubles = new HashMap<>();
    boolean done = false;
    try {
      openInto(current, rows, auth, machines);
      for (KeyRow row : rows) {
        try {
          openInto(row, rows, auth, machines);
        } catch (MachineRefused e) {
          troubles.put(row.id(), "An older machine key cannot be opened: " + e.reason());
        }
      }
      done = true;
      return new Opened(new OpenMachines(machines, current.id()), Map.copyOf(troubles));
    } finally {
      if (!done) {
        machines.values().forEach(MachineKey::close);
      }
    }
  }

  private void openInto(KeyRow row, List<KeyRow> rows, Secret auth, Map<Long, MachineKey> machines)
      throws MachineRefused, InterruptedException {
    if (machines.containsKey(row.id())) {
      return;
    }
    if (row.openedBy().isEmpty()) {
      machines.put(row.id(), openRow(row, auth));
      return;
    }
    long by = row.openedBy().getAsLong();
    KeyRow opener =
        rows.stream()
            .filter(other -> other.id() == by && other.openedBy().isEmpty())
            .findFirst()
            .orElseThrow(
                () -> new MachineRefused("Machine key " + by + " is missing from the store"));
    openInto(opener, rows, auth, machines);
    MachineKey machine = machines.get(by);
    if (machine == null) {
      throw new MachineRefused("Machine key " + by + " is not open");
    }
    try (Secret own = machine.unseal(row.auth().orElseThrow(), KeyRow.authLabel(row.store()))) {
      machines.put(row.id(), openRow(row, own));
    } catch (KeyRefused e) {
      throw new MachineRefused(
          "The auth value of the "
              + row.store()
              + " machine key does not open: "
              + e.getMessage()
              + ". Nothing was changed; restore the store and the TPM that belong together",
          e);
    } catch (KeyStoreUnavailable e) {
      throw unavailable(opener.store(), e);
    }
  }

  private MachineKey openRow(KeyRow row, Secret auth) throws MachineRefused, InterruptedException {
    KeyStore store = require(row.store());
    try {
      return store.open(auth, row.blob());
    } catch (WrongPin e) {
      throw new MachineRefused(
          ("The machine key cannot be opened with the HSM PIN file %s: the file was replaced or "
                  + "changed, or the state was copied without it. Restore the file that belongs to this "
                  + "state; nothing was changed")
              .formatted(pinFile.path()),
          e);
    } catch (KeyRefused e) {
      throw new MachineRefused(
          ("%s. This state was created with another %s, or it was cleared: the keys cannot be "
                  + "used, and nothing was changed. Restore the original. To continue without it, which "
                  + "loses every PIN and the device registration: stop himmelblaud, move "
                  + "/var/cache/himmelblaud/himmelblau.cache.db* (db_path) away and start it")
              .formatted(e.getMessage(), label(row.store())),
          e);
    } catch (KeyStoreUnavailable e) {
      throw unavailable(row.store(), e);
    }
  }

  /** Whether it is installed within the grace. */
  boolean await(String type) throws InterruptedException {
    return stores.await(type, grace).isPresent();
  }

  /** The store, once it is installed. */
  KeyStore require(String type) throws MachineRefused, InterruptedException {
    return stores
        .await(type, grace)
        .orElseThrow(
            () ->
                new MachineRefused(
                    "No key store of type \"%s\" is installed. Install or start the bundle %s"
                        .formatted(
                            type,
                            HsmType.isOurs(type)
                                ? "himmelblau.hsm." + type
                                : "of the plug-in that provides it")));
  }

  private static MachineRefused unavailable(String store, KeyStoreUnavailable e) {
    return new MachineRefused(
        ("The keys of this machine are bound to the %s, which cannot be used now: %s. There "
                + "is no fallback to software keys; nothing was changed")
            .formatted(label(store), e.getMessage()),
        e);
  }

  /** Whether the device of a store can be removed from the machine. */
  static boolean isDevice(String store) {
    return !store.equals(HsmType.TPM_BOUND_SOFT_IF_POSSIBLE.store());
  }

  static String label(String store) {
    return switch (store) {
      case "tpm" -> "TPM";
      case "pkcs11" -> "PKCS#11 token";
      default -> "key store \"" + store + "\"";
    };
  }
}
