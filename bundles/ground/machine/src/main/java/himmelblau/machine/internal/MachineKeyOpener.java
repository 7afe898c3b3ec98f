package himmelblau.machine.internal;

import himmelblau.api.hsm.KeyStore;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Applies {@code hsm_type} to the existing state: creates the first machine key, opens existing
 * ones, migrates to a stronger store where requested and possible, and refuses everything that
 * would be a fallback to a weaker one.
 */
final class MachineKeyOpener {
  private static final Log LOG = Log.of(MachineKeyOpener.class);

  private final KeyStores stores;
  private final MachineTable table;
  private final PinFile pinFile;
  private final MachineKeyChain chain;

  MachineKeyOpener(KeyStores stores, MachineTable table, PinFile pinFile, MachineKeyChain chain) {
    this.stores = stores;
    this.table = table;
    this.pinFile = pinFile;
    this.chain = chain;
  }

  /**
   * The open machine keys.
   *
   * @param store of the current one
   * @param troubles what an operator should see
   */
  record Result(OpenMachines machines, String store, List<String> troubles) {}

  /** Opens or makes; only one thread at a time. */
  Result open(HsmType type) throws MachineRefused, InterruptedException {
    List<KeyRow> rows = table.rows();
    if (rows.isEmpty()) {
      return first(type);
    }
    try (Secret pin = pinFile.read();
        Secret auth = AuthValue.derive(pin)) {
      MachineKeyChain.Opened opened = chain.open(rows, auth);
      KeyRow current = rows.stream().filter(KeyRow::current).findFirst().orElseThrow();
      boolean kept = false;
      try {
        if (!wantsMove(type, current)) {
          kept = true;
          return result(opened, current, mismatch(type, current));
        }
        return move(type, rows, auth);
      } catch (MachineRefused e) {
        if (!optional(type)) {
          throw e;
        }
        LOG.warn("machine.not_bound", "reason", e.reason());
        kept = true;
        return result(opened, current, List.of("Not bound to the TPM: " + e.reason()));
      } finally {
        if (!kept) {
          opened.machines().retire();
        }
      }
    }
  }

  /** Waits for the key stores that will be needed, so that opening begins once and not in steps. */
  void awaitStores(HsmType type) throws InterruptedException {
    Set<String> needed = new TreeSet<>();
    table.rows().forEach(row -> needed.add(row.store()));
    if (needed.isEmpty()) {
      needed.add(type.store());
    }
    for (String store : needed) {
      if (!chain.await(store)) {
        return;
      }
    }
  }

  /** Whether {@code type} does without a device while none was ever used. */
  private static boolean optional(HsmType type) {
    return !type.required();
  }

  private Result first(HsmType type) throws MachineRefused, InterruptedException {
    if (pinFile.exists()) {
      setUnusableAside();
    }
    if (!pinFile.exists()) {
      requireStores(type);
      pinFile.create();
      LOG.audit(AuditKind.KEY, AuditOutcome.SUCCESS)
          .info("machine.hsm_pin_created", "path", pinFile.path());
    }
    try (Secret pin = pinFile.read();
        Secret auth = AuthValue.derive(pin)) {
      HsmType effective = effective(type);
      try {
        return move(effective, List.of(), auth);
      } catch (MachineRefused e) {
        if (!optional(type)) {
          throw e;
        }
        LOG.warn("machine.not_bound", "reason", e.reason());
        KeyStores rest = stores.without(HsmType.TPM.store());
        return new MachineKeyOpener(rest, table, pinFile, chain)
            .move(HsmType.TPM_BOUND_SOFT_IF_POSSIBLE, List.of(), auth);
      }
    }
  }

  /** No key depends on the file yet; Himmelblau or an administrator may have created one. */
  private void setUnusableAside() throws MachineRefused {
    try {
      pinFile.read().close();
    } catch (MachineRefused unusable) {
      try {
        Path to = pinFile.setAside();
        LOG.audit(AuditKind.KEY, AuditOutcome.SUCCESS)
            .warn("machine.hsm_pin_set_aside", "to", to, "reason", unusable.reason());
      } catch (IOException e) {
        throw unusable;
      }
    }
  }

  /** Fails before anything is made when what is needed is not there. */
  private void requireStores(HsmType type) throws MachineRefused, InterruptedException {
    HsmType effective = effective(type);
    chain.require(effective.store());
  }

  /** {@code tpm_if_possible} on a state without keys: what is possible now. */
  private HsmType effective(HsmType type) throws MachineRefused, InterruptedException {
    if (!type.equals(HsmType.TPM_IF_POSSIBLE)) {
      return type;
    }
    KeyStore tpm;
    try {
      tpm = chain.require(type.store());
    } catch (MachineRefused e) {
      return HsmType.TPM_BOUND_SOFT_IF_POSSIBLE;
    }
    return tpm.info().usable() ? type : HsmType.TPM_BOUND_SOFT_IF_POSSIBLE;
  }

  private boolean wantsMove(HsmType type, KeyRow current)
      throws MachineRefused, InterruptedException {
    boolean soft = current.store().equals(HsmType.TPM_BOUND_SOFT_IF_POSSIBLE.store());
    boolean bound = current.openedBy().isPresent();
    if (!soft || (bound && type.store().equals(current.store()))) {
      return false; // in hardware, or bound to it: never weakened without a request
    }
    Optional<KeyStore> hardware = stores.find(type.required() ? type.store() : HsmType.TPM.store());
    if (type.required()) {
      hardware = Optional.of(chain.require(type.store()));
      var info = hardware.get().info();
      if (!info.usable()) {
        throw new MachineRefused(
            ("hsm_type = %s, but it cannot be used: %s. The keys of this state are in software "
                    + "and are not used because of that setting; nothing was changed")
                .formatted(type.option(), info.summary()));
      }
      return true;
    }
    boolean usable = hardware.isPresent() && hardware.get().info().usable();
    return usable && (type.equals(HsmType.TPM_IF_POSSIBLE) || current.openedBy().isEmpty());
  }

  private static List<String> mismatch(HsmType type, KeyRow current) {
    boolean soft = current.store().equals(HsmType.TPM_BOUND_SOFT_IF_POSSIBLE.store());
    if (soft || type.store().equals(current.store())) {
      return List.of();
    }
    return List.of(
        "hsm_type = %s, but the keys are in the store \"%s\" and stay there. To move new keys run `aad-tool hsm migrate --to %s`, or set hsm_type = %s"
            .formatted(type.option(), current.store(), type.option(), current.store()));
  }

  /**
   * A move that was worked out and tried, but not written.
   *
   * @param rows all machine keys as they will be
   */
  record Move(List<KeyRow> rows, OpenMachines machines, VaultMigration vaultMigration) {
    KeyRow current() {
      return rows.stream().filter(KeyRow::current).findFirst().orElseThrow();
    }
  }

  /** Works out what `aad-tool hsm migrate` would do; the caller retires the machines. */
  Move rehearse(HsmType type) throws MachineRefused, InterruptedException {
    List<KeyRow> rows = table.rows();
    if (rows.isEmpty()) {
      throw new MachineRefused("There is no machine key yet: set hsm_type and start the service");
    }
    try (Secret pin = pinFile.read();
        Secret auth = AuthValue.derive(pin)) {
      return prepare(type, rows, auth);
    }
  }

  private Move prepare(HsmType type, List<KeyRow> rows, Secret auth)
      throws MachineRefused, InterruptedException {
    List<KeyRow> wanted = new MachineKeyMigration(stores, auth, rows).towards(type);
    MachineKeyChain.Opened opened =
        chain.open(wanted, auth); // proves that they open before they are kept
    boolean good = false;
    try {
      if (!opened.troubles().isEmpty()) {
        throw new MachineRefused(String.join("; ", opened.lines()) + ". Nothing was changed");
      }
      Move move =
          new Move(wanted, opened.machines(), VaultMigration.prepare(table, opened.machines()));
      good = true;
      return move;
    } finally {
      if (!good) {
        opened.machines().retire();
      }
    }
  }

  /** Writes it, in one transaction. */
  Result commit(Move move) {
    boolean good = false;
    try {
      table.write(
          connection -> {
            MachineTable.replaceAll(connection, move.rows());
            return move.vaultMigration().apply(connection);
          });
      good = true;
    } finally {
      if (!good) {
        move.machines().retire();
      }
    }
    LOG.audit(AuditKind.KEY, AuditOutcome.SUCCESS)
        .info(
            "machine.key_written",
            "store",
            move.current().store(),
            "bound",
            move.current().openedBy().isPresent() ? "tpm" : "-",
            "moved",
            move.vaultMigration().moved().size(),
            "stayed",
            move.vaultMigration().stayed().size());
    return new Result(move.machines(), move.current().store(), List.of());
  }

  private Result move(HsmType type, List<KeyRow> rows, Secret auth)
      throws MachineRefused, InterruptedException {
    return commit(prepare(type, rows, auth));
  }

  private static Result result(MachineKeyChain.Opened opened, KeyRow current, List<String> more) {
    List<String> troubles = new ArrayList<>(opened.lines());
    troubles.addAll(more);
    return new Result(opened.machines(), current.store(), List.copyOf(troubles));
  }
}
