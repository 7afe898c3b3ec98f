package himmelblau.machine.internal;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandArguments;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.store.StoreException;
import java.util.List;
import java.util.Set;

/** Base of the {@code aad-tool} commands of this bundle: reports failures and wrong usage. */
abstract class Command implements AdminCommand {
  private static final Set<String> FLAGS = Set.of("--dry-run");

  private final String words;

  Command(String words) {
    this.words = words;
  }

  static List<Command> all(MachineService service) {
    return List.of(new TpmCommand(service), new MigrateCommand(service));
  }

  String words() {
    return words;
  }

  /** Runs the command; an exception becomes a line on standard error. */
  abstract int run(CommandArguments arguments, AdminTerminal terminal)
      throws ConversationClosed,
          CommandArguments.WrongUsage,
          KeyStoreUnavailable,
          MachineRefused,
          InterruptedException;

  @Override
  public final int run(List<String> words, AdminTerminal terminal) throws ConversationClosed {
    try {
      return run(CommandArguments.parse(words, FLAGS, Set.of()), terminal);
    } catch (CommandArguments.WrongUsage e) {
      terminal.err(e.reason());
      terminal.err(help());
      return 2;
    } catch (KeyStoreUnavailable | StoreException e) {
      terminal.err(String.valueOf(e.getMessage()));
      return 1;
    } catch (MachineRefused e) {
      terminal.err(e.reason());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }
}
