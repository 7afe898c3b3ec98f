package himmelblau.hello.internal;

import himmelblau.api.domain.HelloKind;
import himmelblau.api.hello.UnlockedKey;
import himmelblau.api.hsm.KeyOwner;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.store.Area;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table of Hello keys. Each method is one transaction that is on the disk when it returns. */
final class HelloTable {
  static final String AREA = "hello";
  static final List<String> MIGRATIONS =
      List.of(
          """
          CREATE TABLE hello_key (
            object_id TEXT PRIMARY KEY, name TEXT NOT NULL, generation TEXT NOT NULL,
            store TEXT NOT NULL, spec TEXT NOT NULL, blob BLOB NOT NULL, kind TEXT NOT NULL);
          CREATE TABLE hello_item (
            object_id TEXT NOT NULL, item TEXT NOT NULL, sealed BLOB NOT NULL,
            PRIMARY KEY (object_id, item));
          CREATE TABLE hello_count (
            object_id TEXT PRIMARY KEY, pins INTEGER NOT NULL DEFAULT 0,
            codes INTEGER NOT NULL DEFAULT 0, code_step INTEGER NOT NULL DEFAULT 0);
          """,
          """
          CREATE TABLE hello_code (
            object_id TEXT NOT NULL, step INTEGER NOT NULL, PRIMARY KEY (object_id, step));
          INSERT INTO hello_code SELECT object_id, code_step FROM hello_count WHERE code_step > 0;
          """,
          AttemptTable.MIGRATION,
          AttemptTable.MIGRATION_OTHER_MODULE);

  private final Area area;

  HelloTable(Area area) {
    this.area = area;
  }

  /** The table of wrong attempts. */
  AttemptTable attempts() {
    return new AttemptTable(area);
  }

  /**
   * A key at rest.
   *
   * @param generation distinguishes this key from an earlier or later one of the same user
   */
  record Entry(UUID owner, String name, String generation, WrappedKey key, HelloKind kind) {}

  Optional<Entry> find(UUID owner) {
    return area.read(
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT name, generation, store, spec, blob, kind FROM hello_key"
                      + " WHERE object_id = ?")) {
            s.setString(1, owner.toString());
            try (ResultSet row = s.executeQuery()) {
              return row.next() ? Optional.of(entry(owner, row)) : Optional.empty();
            }
          }
        });
  }

  private static Entry entry(UUID owner, ResultSet row) throws SQLException {
    return new Entry(
        owner,
        row.getString("name"),
        row.getString("generation"),
        wrapped(row),
        HelloKind.valueOf(row.getString("kind")));
  }

  private static WrappedKey wrapped(ResultSet row) throws SQLException {
    return new WrappedKey(
        row.getString("store"), KeySpec.valueOf(row.getString("spec")), true, row.getBytes("blob"));
  }

  /**
   * Replaces the old key and its items by a new key. Used codes stay used, because the secret of
   * the codes may be sealed with the new key.
   */
  void replace(Entry entry) {
    area.<@Nullable Void>write(
        c -> {
          eraseKey(c, entry.owner());
          try (PreparedStatement s =
              c.prepareStatement("INSERT INTO hello_key VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            s.setString(1, entry.owner().toString());
            s.setString(2, entry.name());
            s.setString(3, entry.generation());
            s.setString(4, entry.key().store());
            s.setString(5, entry.key().spec().name());
            s.setBytes(6, entry.key().blob());
            s.setString(7, entry.kind().name());
            s.executeUpdate();
          }
          run(c, "UPDATE hello_count SET pins = 0, codes = 0 WHERE object_id = ?", entry.owner());
          run(c, AttemptTable.CLEAR_OTHERS, entry.owner());
          return null;
        });
  }

  /** Deletes a key and its items; the counts stay. */
  void deleteKey(UUID owner) {
    area.<@Nullable Void>write(
        c -> {
          erase(c, owner);
          return null;
        });
  }

  /** Deletes all data of a user. */
  void forget(UUID owner) {
    area.<@Nullable Void>write(
        c -> {
          erase(c, owner);
          run(c, "DELETE FROM hello_count WHERE object_id = ?", owner);
          return null;
        });
  }

  /**
   * Deletes the renewals of all but {@code spared}; a new generation each, so that a sign-in in
   * progress does not restore one
   */
  int endOffline(Set<UUID> spared) {
    return area.write(
        c -> {
          int ended = 0;
          for (UUID owner : owners(c)) {
            if (!spared.contains(owner)) {
              ended +=
                  run(c, "DELETE FROM hello_item WHERE item = 'RENEWAL' AND object_id = ?", owner);
              run(
                  c,
                  "UPDATE hello_key SET generation = lower(hex(randomblob(16)))"
                      + " WHERE object_id = ?",
                  owner);
            }
          }
          return ended;
        });
  }

  private static List<UUID> owners(Connection c) throws SQLException {
    List<UUID> owners = new ArrayList<>();
    try (PreparedStatement s = c.prepareStatement("SELECT object_id FROM hello_key");
        ResultSet row = s.executeQuery()) {
      while (row.next()) {
        owners.add(UUID.fromString(row.getString(1)));
      }
    }
    return owners;
  }

  void forgetAll() {
    area.<@Nullable Void>write(
        c -> {
          for (String table : List.of("hello_key", "hello_item", "hello_count", "hello_code")) {
            try (PreparedStatement s = c.prepareStatement("DELETE FROM " + table)) {
              s.executeUpdate();
            }
          }
          return null;
        });
  }

  Optional<byte[]> item(UUID owner, UnlockedKey.Item item) {
    return area.read(
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT sealed FROM hello_item WHERE object_id = ? AND item = ?")) {
            s.setString(1, owner.toString());
            s.setString(2, item.name());
            try (ResultSet row = s.executeQuery()) {
              return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
            }
          }
        });
  }

  /** Stores an item, unless its key was replaced or deleted in the meantime. */
  boolean keep(UUID owner, String generation, UnlockedKey.Item item, byte[] sealed) {
    return area.write(
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT OR REPLACE INTO hello_item SELECT object_id, ?, ? FROM hello_key"
                      + " WHERE object_id = ? AND generation = ?")) {
            s.setString(1, item.name());
            s.setBytes(2, sealed);
            s.setString(3, owner.toString());
            s.setString(4, generation);
            return s.executeUpdate() == 1;
          }
        });
  }

  void drop(UUID owner, UnlockedKey.Item item) {
    area.<@Nullable Void>write(
        c -> {
          try (PreparedStatement s =
              c.prepareStatement("DELETE FROM hello_item WHERE object_id = ? AND item = ?")) {
            s.setString(1, owner.toString());
            s.setString(2, item.name());
            s.executeUpdate();
          }
          return null;
        });
  }

  /** All keys, by the names under which they were enrolled. */
  List<KeyOwner.Kept> all() {
    return area.read(
        c -> {
          List<KeyOwner.Kept> all = new ArrayList<>();
          try (PreparedStatement s =
                  c.prepareStatement("SELECT name, store, spec, blob FROM hello_key");
              ResultSet row = s.executeQuery()) {
            while (row.next()) {
              all.add(new KeyOwner.Kept(row.getString("name"), wrapped(row)));
            }
          }
          return List.copyOf(all);
        });
  }

  /**
   * All or nothing.
   *
   * @return false if something changed since it was read; then nothing is written
   */
  boolean move(MigratedHelloKey moved) {
    try {
      area.<@Nullable Void>write(
          c -> {
            if (!moved.apply(c)) {
              throw new Overtaken();
            }
            return null;
          });
      return true;
    } catch (Overtaken e) {
      return false;
    }
  }

  /** Rolls back. */
  private static final class Overtaken extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static void eraseKey(Connection c, UUID owner) throws SQLException {
    run(c, "DELETE FROM hello_key WHERE object_id = ?", owner);
    run(c, "DELETE FROM hello_item WHERE object_id = ?", owner);
  }

  private static void erase(Connection c, UUID owner) throws SQLException {
    eraseKey(c, owner);
    run(c, "DELETE FROM hello_code WHERE object_id = ?", owner); // of a secret that is gone
  }

  /** Returns how many rows it changed. */
  static int run(Connection c, String sql, UUID owner) throws SQLException {
    try (PreparedStatement s = c.prepareStatement(sql)) {
      s.setString(1, owner.toString());
      return s.executeUpdate();
    }
  }
}
