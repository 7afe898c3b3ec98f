package himmelblau.domain.entra.internal.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.secret.Secret;
import himmelblau.testing.doubles.MemoryVault;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceRecordsTest {
  @Test
  void allRegistrationsAreDeletedAndNoCredential() throws Exception {
    MemoryVault vault = new MemoryVault();
    try (Secret value = Secret.ofText("x")) {
      vault.write("entra/example.org/device", value);
      vault.write("entra/no-longer-configured.org/device", value);
      vault.write("example.org/confidential/secret", value);
    }
    DeviceRecords records = new DeviceRecords(vault);
    assertEquals(
        List.of("entra/example.org/device", "entra/no-longer-configured.org/device"),
        records.deleteAll());
    assertEquals(List.of("example.org/confidential/secret"), vault.names(""));
    assertEquals(List.of(), records.deleteAll());
    assertEquals(List.of(), new DeviceRecords(null).deleteAll(), "keys that are not open");
  }
}
