package himmelblau.contract.checks.keystore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.hsm.KeyStore;
import himmelblau.contract.checks.KitRun;
import himmelblau.contract.keystore.DeviceContract;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each demand of the kit fails for a key store that breaks it. */
class KeyStoreKitTest {
  // The kit makes its store itself, without a parameter.
  private static StoreDefect defect = StoreDefect.NONE;

  /** The kit on a store in memory. */
  static class OnMemory extends DeviceContract {
    private final MemoryDevice device = new MemoryDevice(defect);

    @Override
    protected KeyStore store() {
      return new MemoryKeyStore(device);
    }

    @Override
    protected KeyStore foreign() {
      return new MemoryKeyStore(device.another());
    }

    @Override
    protected void removeDevice() {
      device.remove();
    }

    @Override
    protected void returnDevice() {
      device.giveBack();
    }
  }

  private static KitRun run(StoreDefect next, String only) {
    defect = next;
    return KitRun.of(OnMemory.class, only);
  }

  @ParameterizedTest
  @EnumSource(value = StoreDefect.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aDefectIsNoticed(StoreDefect broken) {
    assertEquals(Set.of(broken.noticedBy()), run(broken, broken.noticedBy()).failed());
  }

  @Test
  void aStoreWithoutADefectPassesAndEachDemandHasADefectThatBreaksIt() {
    KitRun right = run(StoreDefect.NONE, "");
    assertEquals(Set.of(), right.failed());
    Set<String> noticed =
        Arrays.stream(StoreDefect.values())
            .filter(each -> each != StoreDefect.NONE)
            .map(StoreDefect::noticedBy)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(right.all(), noticed);
  }
}
