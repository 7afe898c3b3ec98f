package himmelblau.machine.internal;

import himmelblau.api.hsm.KeyStore;
import himmelblau.api.hsm.KeyStoreInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Monitors whether the devices that the machine keys need are available: an open key would not
 * notice.
 */
final class KeyDeviceMonitor {
  private KeyDeviceMonitor() {}

  /** One line for each device that is needed and cannot be used. */
  static List<String> unavailable(KeyStores stores, List<KeyRow> rows) {
    List<String> lines = new ArrayList<>();
    rows.stream()
        .map(KeyRow::store)
        .distinct()
        .filter(MachineKeyChain::isDevice)
        .forEach(
            type -> {
              Optional<KeyStoreInfo> info = stores.find(type).map(KeyStore::info);
              if (info.isPresent() && !info.get().usable()) {
                lines.add(
                    ("The keys of this machine need the %s, which cannot be used now: %s. PINs whose keys "
                            + "are in it are refused until it is available again; after a restart of the service, "
                            + "all sign-ins are. For details run `aad-tool tpm`")
                        .formatted(MachineKeyChain.label(type), info.get().summary()));
              }
            });
    return List.copyOf(lines);
  }
}
