package himmelblau.machine.internal;

import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Moves the vault below the current machine key: values are sealed again; keys are imported if the
 * old store exports them and the new one accepts them. What cannot be moved stays below its own
 * machine key and keeps working.
 */
final class VaultMigration {
  private record Change(String name, byte[] before, SqlVault.Entry after) {}

  private final List<Change> changes;
  private final List<String> stayed;

  private VaultMigration(List<Change> changes, List<String> stayed) {
    this.changes = List.copyOf(changes);
    this.stayed = List.copyOf(stayed);
  }

  /** Names of what moves. */
  List<String> moved() {
    return changes.stream().map(Change::name).toList();
  }

  /** What stays, one line each, with the reason. */
  List<String> stayed() {
    return stayed;
  }

  static VaultMigration prepare(MachineTable table, OpenMachines machines) throws MachineRefused {
    List<Change> changes = new ArrayList<>();
    List<String> stayed = new ArrayList<>();
    for (SqlVault.Entry entry : table.area().read(connection -> SqlVault.all(connection, ""))) {
      try {
        TaggedBlob tagged = TaggedBlob.read(entry.blob());
        if (tagged.id() == machines.currentId()) {
          continue;
        }
        Optional<SqlVault.Entry> after = moved(entry, tagged, machines);
        if (after.isPresent()) {
          changes.add(new Change(entry.name(), entry.blob(), after.get()));
        } else {
          stayed.add(
              entry.name() + ": its store cannot export it, or the new store cannot import it");
        }
      } catch (WrongPin e) {
        stayed.add(entry.name() + ": protected by a PIN; it moves when the next PIN is set");
      } catch (KeyRefused e) {
        stayed.add(entry.name() + ": " + e.getMessage());
      } catch (KeyStoreUnavailable e) {
        throw new MachineRefused(e.getMessage() + ". Nothing was changed", e);
      }
    }
    return new VaultMigration(changes, stayed);
  }

  private static Optional<SqlVault.Entry> moved(
      SqlVault.Entry entry, TaggedBlob tagged, OpenMachines machines)
      throws KeyRefused, WrongPin, KeyStoreUnavailable {
    MachineKey from =
        machines
            .byId(tagged.id())
            .orElseThrow(() -> new KeyRefused("its machine key has not been opened"));
    MachineKey to = machines.current();
    long id = machines.currentId();
    if (entry.key().isEmpty()) {
      String label = SqlVault.label(entry.name());
      try (Secret plain = from.unseal(tagged.bytes(), label)) {
        byte[] sealed = TaggedBlob.tag(id, to.seal(plain, label));
        return Optional.of(new SqlVault.Entry(entry.name(), sealed, Optional.empty()));
      }
    }
    WrappedKey key = entry.key().get();
    if (key.pinProtected()) {
      throw new WrongPin();
    }
    Optional<Secret> material = from.export(SwitchableMachine.untag(key, tagged), null);
    if (material.isEmpty()) {
      return Optional.empty();
    }
    try (Secret secret = material.get()) {
      return to.importKey(key.spec(), secret, null)
          .map(taken -> SwitchableMachine.tag(id, taken))
          .map(taken -> new SqlVault.Entry(entry.name(), taken.blob(), Optional.of(taken)));
    }
  }

  /** Writes what did not change in the meantime; what did still opens below its own key. */
  int apply(Connection connection) throws SQLException {
    int written = 0;
    for (Change change : changes) {
      try (PreparedStatement same =
          connection.prepareStatement("SELECT 1 FROM machine_vault WHERE name = ? AND blob = ?")) {
        same.setString(1, change.name());
        same.setBytes(2, change.before());
        try (var result = same.executeQuery()) {
          if (!result.next()) {
            continue;
          }
        }
      }
      written += SqlVault.put(connection, change.after());
    }
    return written;
  }
}
