package himmelblau.socket.internal;

import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandDeclaration;
import himmelblau.api.log.Correlation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.ConversationClosed.Reason;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Finds the command that is meant, decides who may run it, and logs that it was. */
final class CommandRunner {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** The wait for a command whose bundle is being replaced; short enough for a misspelt command. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final List<String> LIST = List.of("--list");

  /** With the names that the caller knows itself. */
  private static final String BESIDES = "--besides";

  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private final CommandTable commands;
  private final CommandAudit audit = new CommandAudit();

  CommandRunner(CommandTable commands) {
    this.commands = commands;
  }

  /** The id of one run, which its log lines have in common. */
  static String id() {
    return HexFormat.of().toHexDigits(RANDOM.nextInt());
  }

  int run(List<String> words, AdminTerminal terminal, String id)
      throws ConversationClosed, InterruptedException {
    if (words.isEmpty() || words.getFirst().equals("help")) {
      return help(words.isEmpty() ? words : words.subList(1, words.size()), terminal);
    }
    Optional<CommandTable.Entry> found = commands.find(words, PATIENCE);
    if (found.isEmpty()) {
      return unknown(words, terminal);
    }
    CommandTable.Entry entry = found.get();
    List<String> arguments = words.subList(entry.words().size(), words.size());
    if (arguments.contains("--help") || arguments.contains("-h")) {
      terminal.out(entry.command().help().stripTrailing());
      return 0;
    }
    if (!entry.declaration().anyone() && !terminal.peer().root()) {
      audit.refused(entry, arguments, terminal, id);
      terminal.err("This command must be run as root.");
      return FAILED;
    }
    audit.begins(entry, arguments, terminal, id);
    int code = FAILED;
    try {
      code = run(entry, arguments, terminal, id);
    } finally {
      audit.ended(entry, code, id);
    }
    return code;
  }

  private int run(
      CommandTable.Entry entry, List<String> arguments, AdminTerminal terminal, String id)
      throws ConversationClosed {
    try {
      return Correlation.with(id, () -> entry.command().run(arguments, terminal));
    } catch (ConversationClosed e) {
      if (e.reason() == Reason.GONE) {
        throw e;
      }
      return FAILED;
    } catch (Exception | LinkageError e) {
      audit.failed(entry, e, id);
      terminal.err(entry.name() + " failed; for details see the log of himmelblaud under " + id);
      return FAILED;
    }
  }

  private int help(List<String> words, AdminTerminal terminal)
      throws ConversationClosed, InterruptedException {
    if (words.isEmpty() || words.getFirst().equals(BESIDES)) {
      for (CommandTable.Entry entry : commands.all()) {
        if (!words.contains(entry.name())) {
          terminal.out(String.format("  %-35s %s", entry.name(), entry.declaration().summary()));
        }
      }
      return 0;
    }
    if (words.equals(LIST)) {
      for (CommandTable.Entry entry : commands.all()) {
        terminal.out(line(entry.declaration()));
      }
      return 0;
    }
    Optional<CommandTable.Entry> found = commands.find(words, PATIENCE);
    if (found.isEmpty()) {
      return unknown(words, terminal);
    }
    terminal.out(found.get().command().help().stripTrailing());
    return 0;
  }

  /** For programs, such as completions: as {@code runtime/commands list} prints it. */
  private static String line(CommandDeclaration declared) {
    return String.join(
        "\t",
        declared.name(),
        declared.anyone() ? "anyone" : "root",
        declared.summary().replaceAll("\\s", " "));
  }

  private static int unknown(List<String> words, AdminTerminal terminal) throws ConversationClosed {
    terminal.err(
        "himmelblaud does not know the command '"
            + words.getFirst()
            + "'; \"aad-tool help\" lists them");
    return USAGE;
  }
}
