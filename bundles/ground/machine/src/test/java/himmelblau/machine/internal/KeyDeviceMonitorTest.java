package himmelblau.machine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.plugin.PluginRank;
import himmelblau.hsm.soft.internal.SoftKeyStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class KeyDeviceMonitorTest {
  private final FakeTpm tpm = new FakeTpm(1);
  private final KeyStores stores = new KeyStores();

  private static KeyRow row(long id, String store) {
    return new KeyRow(id, store, new byte[0], OptionalLong.empty(), Optional.empty(), id == 1);
  }

  @Test
  void aDeviceThatIsNeededAndAwayIsNamed() {
    stores.add("tpm", tpm, PluginRank.of(Map.of()));
    stores.add("soft", new SoftKeyStore(), PluginRank.of(Map.of()));
    List<KeyRow> rows = List.of(row(1, "soft"), row(2, "tpm"), row(3, "tpm"));
    assertEquals(List.of(), KeyDeviceMonitor.unavailable(stores, rows));
    tpm.present = false;
    List<String> lines = KeyDeviceMonitor.unavailable(stores, rows);
    assertEquals(1, lines.size());
    assertTrue(lines.getFirst().contains("No TPM detected"), lines.getFirst());
  }

  @Test
  void aDeviceThatNoKeyNeedsIsNotReported() {
    stores.add("tpm", tpm, PluginRank.of(Map.of()));
    tpm.present = false;
    assertEquals(List.of(), KeyDeviceMonitor.unavailable(stores, List.of(row(1, "soft"))));
  }
}
