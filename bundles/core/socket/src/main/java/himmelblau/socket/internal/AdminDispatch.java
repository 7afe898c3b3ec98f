package himmelblau.socket.internal;

import himmelblau.api.log.Correlation;
import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.ConversationClosed.Reason;
import himmelblau.frames.Fields;
import himmelblau.frames.Frame;
import himmelblau.frames.Kind;
import himmelblau.frames.MalformedFrame;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Commands of aad-tool (docs/protocol/socket.md, section 6). */
final class AdminDispatch implements Listener.Handler {
  private static final Log LOG = Log.of(AdminDispatch.class);
  private static final SecureRandom RANDOM = new SecureRandom();

  /** The wait for a command whose bundle is being replaced; short enough for a misspelt command. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final int BOTH_TERMINALS = 3;
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private final CommandTable commands;
  private final LoginUids loginUids;

  AdminDispatch(CommandTable commands, LoginUids loginUids) {
    this.commands = commands;
    this.loginUids = loginUids;
  }

  private record Command(boolean interactive, List<String> words) {}

  @Override
  public void serve(PeerConnection connection) throws IOException, InterruptedException {
    Optional<Frame> first = connection.read(connection.limits().first());
    if (first.isEmpty()) {
      return;
    }
    Command command = read(first.get());
    String id = HexFormat.of().toHexDigits(RANDOM.nextInt());
    SocketTerminal terminal = new SocketTerminal(connection, command.interactive(), loginUids);
    ConversationRunner.run(
        connection,
        "command-" + id,
        terminal,
        () -> {
          int code = run(command.words(), terminal, id);
          connection.write(Frame.of(Kind.END).u32(code & 0xff).text("").build());
        });
  }

  private static Command read(Frame frame) throws MalformedFrame {
    try (frame) {
      if (frame.kind() != Kind.COMMAND) {
        throw new MalformedFrame(
            MalformedFrame.Reason.FIELD,
            String.format("Expected COMMAND, received kind 0x%02x", frame.kind()));
      }
      Fields fields = frame.fields();
      boolean interactive = (fields.u32() & BOTH_TERMINALS) == BOTH_TERMINALS;
      fields.u32();
      fields.u32();
      fields.text();
      List<String> words = new ArrayList<>();
      while (fields.left() > 0) {
        words.add(fields.text());
      }
      return new Command(interactive, List.copyOf(words));
    }
  }

  private int run(List<String> words, SocketTerminal terminal, String id)
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
    if (!entry.anyone() && !terminal.peer().root()) {
      terminal.err("This command must be run as root.");
      return FAILED;
    }
    LOG.info("command.begins", "command", entry.name(), "uid", terminal.peer().uid(), "id", id);
    return run(entry, arguments, terminal, id);
  }

  private static int run(
      CommandTable.Entry entry, List<String> arguments, SocketTerminal terminal, String id)
      throws ConversationClosed {
    try {
      return Correlation.with(id, () -> entry.command().run(arguments, terminal));
    } catch (ConversationClosed e) {
      if (e.reason() == Reason.GONE) {
        throw e;
      }
      return FAILED;
    } catch (Exception | LinkageError e) {
      LOG.error("command.failed", e, "command", entry.name(), "id", id);
      terminal.err(entry.name() + " failed; for details see the log of himmelblaud under " + id);
      return FAILED;
    }
  }

  private int help(List<String> words, SocketTerminal terminal)
      throws ConversationClosed, InterruptedException {
    if (words.isEmpty()) {
      for (CommandTable.Entry entry : commands.all()) {
        terminal.out(String.format("  %-35s %s", entry.name(), entry.summary()));
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

  private static int unknown(List<String> words, SocketTerminal terminal)
      throws ConversationClosed {
    terminal.err(
        "himmelblaud does not know the command '"
            + words.getFirst()
            + "'; \"aad-tool help\" lists them");
    return USAGE;
  }
}
