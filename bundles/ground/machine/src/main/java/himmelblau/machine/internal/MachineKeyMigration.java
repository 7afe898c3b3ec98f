package himmelblau.machine.internal;

import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStore;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Computes the machine keys for an {@code hsm_type} from the existing ones. A machine key is never
 * deleted: one that is no longer current stays, with its auth value sealed by a stronger one if it
 * was not sealed before, so that all keys below it can still be opened. Writes nothing; the caller
 * writes all rows in one transaction after opening them.
 */
final class MachineKeyMigration {
  private static final String TPM = HsmType.TPM.store();
  private static final String SOFT = HsmType.TPM_BOUND_SOFT_IF_POSSIBLE.store();

  private final KeyStores stores;
  private final Secret auth;
  private final List<KeyRow> rows;
  private long nextId;

  /**
   * @param auth what the hsm-pin gives; borrowed
   * @param rows the keys that there are
   */
  MachineKeyMigration(KeyStores stores, Secret auth, List<KeyRow> rows) {
    this.stores = stores;
    this.auth = auth;
    this.rows = new ArrayList<>(rows);
    this.nextId = rows.stream().mapToLong(KeyRow::id).max().orElse(0) + 1;
  }

  /** All rows as they should be for {@code type}. */
  List<KeyRow> towards(HsmType type) throws MachineRefused {
    boolean soft = type.store().equals(SOFT);
    Optional<KeyStore> hardware =
        soft
            ? stores.find(TPM).filter(store -> store.info().usable())
            : Optional.of(hardware(type));
    try {
      OptionalLong binder = OptionalLong.empty();
      if (hardware.isPresent()) {
        binder = OptionalLong.of(rowOf(hardware.get()));
        bindSoftKeys(hardware.get(), binder.getAsLong());
      }
      setCurrent(soft ? softRow(hardware, binder) : binder.orElseThrow());
      return List.copyOf(rows);
    } catch (KeyStoreUnavailable e) {
      throw new MachineRefused(
          "hsm_type = %s needs a device that cannot be used now: %s. Nothing was changed"
              .formatted(type.option(), e.getMessage()),
          e);
    } catch (WrongPin | KeyRefused e) {
      throw new MachineRefused(
          "A machine key cannot be opened for the move to hsm_type = %s: %s. Nothing was changed"
              .formatted(type.option(), e.getMessage()),
          e);
    }
  }

  private KeyStore hardware(HsmType type) throws MachineRefused {
    KeyStore store =
        stores
            .find(type.store())
            .orElseThrow(
                () ->
                    new MachineRefused(
                        "hsm_type = %s, but the bundle himmelblau.hsm.%s is not installed"
                            .formatted(type.option(), type.store())));
    var info = store.info();
    if (!info.usable()) {
      throw new MachineRefused(
          "hsm_type = %s, but it cannot be used: %s. Nothing was changed"
              .formatted(type.option(), info.summary()));
    }
    return store;
  }

  /** The row of a store that the hsm-pin opens; made if there is none. */
  private long rowOf(KeyStore store) throws KeyStoreUnavailable {
    Optional<KeyRow> there =
        find(row -> row.store().equals(store.type()) && row.openedBy().isEmpty());
    if (there.isPresent()) {
      return there.get().id();
    }
    try (MachineKey machine = store.create(auth)) {
      return add(store.type(), machine.blob(), OptionalLong.empty(), Optional.empty());
    }
  }

  /** Soft keys that the hsm-pin alone opens get a new auth value, sealed by the device. */
  private void bindSoftKeys(KeyStore hardware, long binder)
      throws KeyStoreUnavailable, WrongPin, KeyRefused {
    for (int i = 0; i < rows.size(); i++) {
      KeyRow row = rows.get(i);
      if (!row.store().equals(SOFT) || row.openedBy().isPresent()) {
        continue;
      }
      KeyStore soft = stores.find(SOFT).orElseThrow(MachineKeyMigration::noSoftStore);
      try (MachineKey device = hardware.open(auth, byId(binder).blob());
          MachineKey machine = soft.open(auth, row.blob());
          Secret fresh = freshAuth()) {
        byte[] blob = machine.rewrap(fresh).orElseThrow(MachineKeyMigration::noSoftStore);
        byte[] sealed = device.seal(fresh, KeyRow.authLabel(SOFT));
        rows.set(
            i,
            new KeyRow(
                row.id(), SOFT, blob, OptionalLong.of(binder), Optional.of(sealed), row.current()));
      }
    }
  }

  private long softRow(Optional<KeyStore> hardware, OptionalLong binder)
      throws KeyStoreUnavailable, WrongPin, KeyRefused {
    Optional<KeyRow> there = find(row -> row.store().equals(SOFT));
    if (there.isPresent()) {
      return there.get().id();
    }
    KeyStore soft = stores.find(SOFT).orElseThrow(MachineKeyMigration::noSoftStore);
    if (hardware.isEmpty()) {
      return rowOf(soft);
    }
    long by = binder.orElseThrow();
    try (MachineKey device = hardware.get().open(auth, byId(by).blob());
        Secret fresh = freshAuth();
        MachineKey machine = soft.create(fresh)) {
      byte[] sealed = device.seal(fresh, KeyRow.authLabel(SOFT));
      return add(SOFT, machine.blob(), OptionalLong.of(by), Optional.of(sealed));
    }
  }

  private void setCurrent(long id) {
    rows.replaceAll(
        row ->
            new KeyRow(
                row.id(), row.store(), row.blob(), row.openedBy(), row.auth(), row.id() == id));
  }

  private long add(String store, byte[] blob, OptionalLong openedBy, Optional<byte[]> sealed) {
    long id = nextId++;
    rows.add(new KeyRow(id, store, blob, openedBy, sealed, false));
    return id;
  }

  private Optional<KeyRow> find(Predicate<KeyRow> wanted) {
    return rows.stream().filter(wanted).findFirst();
  }

  private KeyRow byId(long id) {
    return find(row -> row.id() == id).orElseThrow();
  }

  private static Secret freshAuth() {
    byte[] bytes = new byte[AuthValue.BYTES];
    new SecureRandom().nextBytes(bytes);
    return Secret.taking(bytes);
  }

  private static KeyStoreUnavailable noSoftStore() {
    return new KeyStoreUnavailable("the bundle himmelblau.hsm.soft is not installed");
  }
}
