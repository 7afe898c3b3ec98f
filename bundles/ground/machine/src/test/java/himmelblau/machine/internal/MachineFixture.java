package himmelblau.machine.internal;

import himmelblau.api.hsm.KeyStore;
import himmelblau.api.hsm.Machine;
import himmelblau.api.plugin.PluginRank;
import himmelblau.hsm.soft.internal.SoftKeyStore;
import himmelblau.testing.doubles.SqliteArea;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A host's state in a directory, and the key stores that are installed. */
final class MachineFixture implements AutoCloseable {
  final Path directory;
  final KeyStores stores = new KeyStores();
  final MachineTable table;

  MachineFixture(Path directory) {
    this.directory = directory;
    this.table =
        MachineTable.in(
            (name, migrations) -> new SqliteArea(directory.resolve("cache.db"), migrations));
    install(new SoftKeyStore());
  }

  /** Installs a key store in place of the one of its type. */
  MachineFixture install(KeyStore keyStore) {
    stores.find(keyStore.type()).ifPresent(stores::remove);
    stores.add(keyStore.type(), keyStore, PluginRank.of(Map.of()));
    return this;
  }

  PinFile pinFile() {
    return new PinFile(directory.resolve("hsm-pin"), List.of(directory));
  }

  MachineKeyOpener opener() {
    return new MachineKeyOpener(
        stores, table, pinFile(), new MachineKeyChain(stores, pinFile(), Duration.ofMillis(20)));
  }

  /** What a daemon would serve after a start under that {@code hsm_type}. */
  Machine start(HsmType type) throws Exception {
    SwitchableMachine machine = new SwitchableMachine(Duration.ofMillis(50));
    machine.use(opener().open(type).machines());
    return machine;
  }

  SqlVault vault(Machine machine) {
    return new SqlVault(table.area(), machine);
  }

  KeyRow current() {
    return table.rows().stream().filter(KeyRow::current).findFirst().orElseThrow();
  }

  @Override
  public void close() {
    ((SqliteArea) table.area()).close();
  }
}
