package himmelblau.machine.internal;

import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandArguments;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.hsm.KeyStore;
import himmelblau.api.hsm.KeyStoreInfo;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.login.ConversationClosed;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * {@code aad-tool tpm}: shows the store in use, what is bound to the TPM, and the state of the TPM.
 */
final class TpmCommand extends Command {
  private static final String TPM = HsmType.TPM.store();

  private final MachineService service;

  TpmCommand(MachineService service) {
    super("tpm");
    this.service = service;
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "tpm");
  }

  @Override
  int run(CommandArguments arguments, AdminTerminal terminal)
      throws ConversationClosed, CommandArguments.WrongUsage {
    arguments.only();
    List<KeyRow> rows = service.table().rows();
    Optional<KeyStoreInfo> tpm = service.stores().find(TPM).map(KeyStore::info);
    terminal.out("Himmelblau TPM state: " + state(rows, tpm, !service.machine().suspended()));
    HsmType type = service.settings().type();
    terminal.out("  hsm_type: " + type.option());
    terminal.out("  Machine key: " + (service.machine().suspended() ? "NOT open" : "open"));
    for (String trouble : service.troubles()) {
      terminal.out("  Trouble: " + trouble);
    }
    for (KeyRow row : rows) {
      terminal.out("  " + line(row));
    }
    for (Map.Entry<String, Integer> count : vault().entrySet()) {
      terminal.out("  Vault: " + count.getValue() + " " + count.getKey());
    }
    for (Map.Entry<String, Integer> count : pins().entrySet()) {
      terminal.out("  PINs: %d in the store \"%s\"".formatted(count.getValue(), count.getKey()));
    }
    if (tpm.isPresent()) {
      terminal.out("  TPM: " + tpm.get().summary());
      for (String detail : tpm.get().details()) {
        terminal.out("    " + detail);
      }
    } else {
      terminal.out("  TPM: the bundle himmelblau.hsm.tpm is not installed");
    }
    return 0;
  }

  /** As below, unless the TPM is there and does not open what is here. */
  private static String state(List<KeyRow> rows, Optional<KeyStoreInfo> tpm, boolean open) {
    boolean there = tpm.map(KeyStoreInfo::usable).orElse(false);
    return !open && there && rows.stream().anyMatch(row -> row.store().equals(TPM))
        ? "TPM configured, but the keys of this host CANNOT be opened"
        : state(rows, tpm);
  }

  private static String line(KeyRow row) {
    String opened =
        row.openedBy().isPresent()
            ? "can be opened only with machine key %d".formatted(row.openedBy().getAsLong())
            : row.store().equals(TPM)
                ? "can be opened only with this TPM and the HSM PIN file"
                : "can be opened with the HSM PIN file alone";
    return "Machine key %d: %s, %s, %s"
        .formatted(row.id(), row.store(), row.current() ? "in use" : "older", opened);
  }

  /** How many keys and values there are, by where they are kept. */
  private Map<String, Integer> vault() {
    Map<String, Integer> counts = new TreeMap<>();
    for (SqlVault.Entry entry :
        service.table().area().read(connection -> SqlVault.all(connection, ""))) {
      String kind =
          entry
              .key()
              .map(WrappedKey::store)
              .map(store -> "keys in the store \"" + store + "\"")
              .orElse("sealed values");
      counts.merge(kind, 1, Integer::sum);
    }
    return counts;
  }

  /** How many PINs there are, by the store of their keys. */
  private Map<String, Integer> pins() {
    Map<String, Integer> counts = new TreeMap<>();
    service.kept().forEach(kept -> counts.merge(kept.key().store(), 1, Integer::sum));
    return counts;
  }

  private static boolean byTpm(KeyRow row, List<KeyRow> rows) {
    return row.store().equals(TPM)
        || rows.stream()
            .anyMatch(
                other ->
                    row.openedBy().isPresent()
                        && other.id() == row.openedBy().getAsLong()
                        && other.store().equals(TPM));
  }

  private static String state(List<KeyRow> rows, Optional<KeyStoreInfo> tpm) {
    Optional<KeyRow> current = rows.stream().filter(KeyRow::current).findFirst();
    boolean usable = tpm.map(KeyStoreInfo::usable).orElse(false);
    boolean needed = current.map(row -> byTpm(row, rows)).orElse(false);
    if (needed && !usable) {
      return "TPM configured but NOT reachable";
    }
    if (current.map(row -> row.store().equals(TPM)).orElse(false)) {
      return "TPM in use";
    }
    if (needed) {
      return "Soft HSM, but HSM PIN is TPM-bound";
    }
    return tpm.isEmpty() || tpm.get().summary().equals("No TPM detected")
        ? "No TPM detected"
        : "TPM not in use";
  }
}
