package himmelblau.machine.internal;

import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Machine;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.secret.Secret;
import himmelblau.api.store.Area;
import himmelblau.api.store.Vault;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The vault: sealed values and keys by name. */
final class SqlVault implements Vault {
  private final Area area;
  private final Machine machine;
  private final VaultWatchers watchers = new VaultWatchers();

  SqlVault(Area area, Machine machine) {
    this.area = area;
    this.machine = machine;
  }

  /** Binds a value to its name: one cannot be put in the place of another. */
  static String label(String name) {
    return "vault " + name;
  }

  /**
   * A row.
   *
   * @param key the key without its blob's owner checked; empty for a value
   */
  record Entry(String name, byte[] blob, Optional<WrappedKey> key) {}

  @Override
  public Optional<Secret> read(String name) throws KeyStoreUnavailable {
    Optional<Entry> entry = area.read(connection -> find(connection, name));
    if (entry.isEmpty() || entry.get().key().isPresent()) {
      return Optional.empty();
    }
    try {
      return Optional.of(machine.unseal(entry.get().blob(), label(name)));
    } catch (KeyRefused e) {
      throw new KeyStoreUnavailable(
          "The sealed value \"%s\" cannot be opened on this machine: %s"
              .formatted(name, e.getMessage()),
          e);
    }
  }

  @Override
  public void write(String name, Secret value) throws KeyStoreUnavailable {
    byte[] sealed = machine.seal(value, label(name));
    put(new Entry(name, sealed, Optional.empty()));
  }

  @Override
  public void writeAll(Map<String, Secret> values, Map<String, WrappedKey> keys)
      throws KeyStoreUnavailable {
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, Secret> value : values.entrySet()) {
      byte[] sealed = machine.seal(value.getValue(), label(value.getKey()));
      entries.add(new Entry(value.getKey(), sealed, Optional.empty()));
    }
    keys.forEach((name, key) -> entries.add(new Entry(name, key.blob(), Optional.of(key))));
    put(entries.toArray(Entry[]::new));
  }

  @Override
  public Optional<WrappedKey> readKey(String name) {
    return area.read(connection -> find(connection, name)).flatMap(Entry::key);
  }

  @Override
  public void writeKey(String name, WrappedKey key) {
    put(new Entry(name, key.blob(), Optional.of(key)));
  }

  @Override
  public void delete(String name) {
    area.write(
        connection -> {
          try (PreparedStatement delete =
              connection.prepareStatement("DELETE FROM machine_vault WHERE name = ?")) {
            delete.setString(1, name);
            return delete.executeUpdate();
          }
        });
    watchers.changed(List.of(name));
  }

  @Override
  public void deleteAll(String prefix) {
    area.write(
        connection -> {
          try (PreparedStatement delete =
              connection.prepareStatement(
                  "DELETE FROM machine_vault WHERE substr(name, 1, length(?)) = ?")) {
            delete.setString(1, prefix);
            delete.setString(2, prefix);
            return delete.executeUpdate();
          }
        });
    watchers.gone(prefix);
  }

  @Override
  public Watch watch(String prefix, Runnable changed) {
    return watchers.add(prefix, changed);
  }

  @Override
  public List<String> names(String prefix) {
    return area.read(connection -> all(connection, prefix)).stream().map(Entry::name).toList();
  }

  /** Writes all or none. */
  void put(Entry... entries) {
    area.write(
        connection -> {
          int rows = 0;
          for (Entry entry : entries) {
            rows += put(connection, entry);
          }
          return rows;
        });
    watchers.changed(Stream.of(entries).map(Entry::name).toList());
  }

  static int put(Connection connection, Entry entry) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT OR REPLACE INTO machine_vault (name, store, spec, pin, blob)"
                + " VALUES (?, ?, ?, ?, ?)")) {
      insert.setString(1, entry.name());
      insert.setString(2, entry.key().map(WrappedKey::store).orElse(null));
      insert.setString(3, entry.key().map(key -> key.spec().name()).orElse(null));
      insert.setInt(4, entry.key().map(WrappedKey::pinProtected).orElse(false) ? 1 : 0);
      insert.setBytes(5, entry.blob());
      return insert.executeUpdate();
    }
  }

  private static Optional<Entry> find(Connection connection, String name) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT name, store, spec, pin, blob FROM machine_vault WHERE name = ?")) {
      select.setString(1, name);
      try (ResultSet result = select.executeQuery()) {
        return result.next() ? Optional.of(entry(result)) : Optional.empty();
      }
    }
  }

  /** All entries whose name starts with {@code prefix}, sorted. */
  static List<Entry> all(Connection connection, String prefix) throws SQLException {
    List<Entry> entries = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT name, store, spec, pin, blob FROM machine_vault"
                + " WHERE substr(name, 1, length(?)) = ? ORDER BY name")) {
      select.setString(1, prefix);
      select.setString(2, prefix);
      try (ResultSet result = select.executeQuery()) {
        while (result.next()) {
          entries.add(entry(result));
        }
      }
    }
    return List.copyOf(entries);
  }

  private static Entry entry(ResultSet result) throws SQLException {
    String name = result.getString(1);
    String store = result.getString(2);
    byte[] blob = result.getBytes(5);
    if (store == null) {
      return new Entry(name, blob, Optional.empty());
    }
    KeySpec spec = KeySpec.valueOf(result.getString(3));
    return new Entry(
        name, blob, Optional.of(new WrappedKey(store, spec, result.getInt(4) == 1, blob)));
  }
}
