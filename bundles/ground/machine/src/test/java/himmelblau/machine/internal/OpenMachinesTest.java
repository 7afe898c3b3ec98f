package himmelblau.machine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.hsm.KeyPlace;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.secret.Secret;
import himmelblau.hsm.soft.internal.SoftKeyStore;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpenMachinesTest {
  private final Secret auth = Secret.copyOf(new byte[32]);
  private final FakeTpm tpm = new FakeTpm(1);

  private MachineKey soft() {
    return new SoftKeyStore().create(auth);
  }

  private static WrappedKey key(long id, MachineKey machine) throws KeyStoreUnavailable {
    return SwitchableMachine.tag(id, machine.create(KeySpec.HMAC_SHA256, null));
  }

  @Test
  void saysWhereAKeyLies() throws Exception {
    MachineKey soft = soft();
    MachineKey hardware = tpm.create(auth);
    OpenMachines softInUse = new OpenMachines(Map.of(1L, hardware, 2L, soft), 2);
    OpenMachines hardwareInUse = new OpenMachines(Map.of(1L, hardware, 2L, soft), 1);
    WrappedKey inSoftware = key(2, soft);
    WrappedKey inHardware = key(1, hardware);
    assertEquals(KeyPlace.CURRENT, softInUse.place(inSoftware));
    assertEquals(KeyPlace.FIXED, softInUse.place(inHardware), "nothing leaves hardware");
    assertEquals(KeyPlace.MOVABLE, hardwareInUse.place(inSoftware));
    assertEquals(KeyPlace.CURRENT, hardwareInUse.place(inHardware));
    tpm.takesKeys = false;
    assertEquals(KeyPlace.FIXED, hardwareInUse.place(inSoftware));
    assertEquals(KeyPlace.UNREACHABLE, hardwareInUse.place(key(3, soft)));
    WrappedKey mislabelled = new WrappedKey("tpm", inSoftware.spec(), false, inSoftware.blob());
    assertEquals(KeyPlace.UNREACHABLE, softInUse.place(mislabelled));
    WrappedKey cut = new WrappedKey("soft", inSoftware.spec(), false, new byte[2]);
    assertEquals(KeyPlace.UNREACHABLE, softInUse.place(cut));
  }

  @Test
  void whileAStoreIsReplacedKeysLieWhereTheyLay() throws Exception {
    MachineKey soft = soft();
    SwitchableMachine lasting = new SwitchableMachine(Duration.ofMillis(1));
    WrappedKey key = key(1, soft);
    assertEquals(KeyPlace.UNREACHABLE, lasting.place(key), "nothing was ever open");
    lasting.use(new OpenMachines(Map.of(1L, soft), 1));
    lasting.suspend("gone");
    assertEquals(KeyPlace.CURRENT, lasting.place(key));
  }

  @Test
  void whatIsOpenIsNotGivenUpForLess() throws Exception {
    MachineKey soft = soft();
    MachineKey hardware = tpm.create(auth);
    SwitchableMachine lasting = new SwitchableMachine(Duration.ofMillis(1));
    OpenMachines less = new OpenMachines(Map.of(1L, hardware), 1);
    assertFalse(lasting.losesBy(less, Set.of(1L, 2L)), "nothing is open");
    lasting.use(new OpenMachines(Map.of(1L, hardware, 2L, soft), 1));
    assertTrue(lasting.losesBy(less, Set.of(1L, 2L)));
    assertFalse(lasting.losesBy(less, Set.of(1L)), "that machine key is gone for good");
    lasting.suspend("gone");
    assertFalse(lasting.losesBy(less, Set.of(1L, 2L)), "less is better than nothing");
  }
}
