package himmelblau.machine.internal;

import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandArguments;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.login.ConversationClosed;
import java.util.List;

/** {@code aad-tool hsm migrate}: moves keys to another type of key store, in one step. */
final class MigrateCommand extends Command {
  private final MachineService service;

  MigrateCommand(MachineService service) {
    super("hsm migrate");
    this.service = service;
  }

  private static String types() {
    return String.join(", ", HsmType.forms());
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "hsm migrate");
  }

  @Override
  int run(CommandArguments arguments, AdminTerminal terminal)
      throws ConversationClosed, CommandArguments.WrongUsage, MachineRefused, InterruptedException {
    arguments.only("--to", "--dry-run");
    String to = arguments.require("--to");
    if (!HsmType.known(to)) {
      throw new CommandArguments.WrongUsage("Unknown type: " + to + ". One of: " + types());
    }
    HsmType type = HsmType.parse(to);
    boolean rehearsal = arguments.has("--dry-run");
    MachineKeyOpener.Move move = service.migrate(type, rehearsal);
    String tense = rehearsal ? "Would move" : "Moved";
    KeyRow current = move.current();
    terminal.out(
        "%s to the store \"%s\"%s."
            .formatted(
                tense,
                current.store(),
                current.openedBy().isPresent() ? ", bound to the TPM" : ""));
    list(terminal, tense + ":", move.vaultMigration().moved());
    list(terminal, "Stays in its store and keeps working:", move.vaultMigration().stayed());
    PinProtectedKeys pins = service.pinKeys(move.machines());
    list(terminal, "Moves automatically later and works until then:", pins.moving());
    list(terminal, "Cannot move, but keeps working in its store:", pins.fixed());
    list(terminal, "Must be enrolled again:", pins.lost());
    terminal.out(
        pins.lost().isEmpty()
            ? "PINs keep working. Nothing must be enrolled again."
            : "All other PINs keep working.");
    HsmType configured = service.settings().type();
    if (rehearsal) {
      terminal.out("This was a dry run: nothing was changed.");
    } else if (!configured.equals(type)) {
      terminal.out(
          "Now set hsm_type = %s (it is %s) in /etc/himmelblau/himmelblau.conf."
              .formatted(type.option(), configured.option()));
    }
    return 0;
  }

  private static void list(AdminTerminal terminal, String title, List<String> lines)
      throws ConversationClosed {
    if (!lines.isEmpty()) {
      terminal.out(title);
      for (String line : lines) {
        terminal.out("  " + line);
      }
    }
  }
}
