package himmelblau.socket.internal;

import himmelblau.frames.Fields;
import himmelblau.frames.Frame;
import himmelblau.frames.Kind;
import himmelblau.frames.MalformedFrame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Commands of aad-tool (docs/protocol/socket.md, section 6). */
final class AdminDispatch implements Listener.Handler {
  private static final int BOTH_TERMINALS = 3;

  private final CommandRunner commands;
  private final LoginUids loginUids;

  AdminDispatch(CommandRunner commands, LoginUids loginUids) {
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
    String id = CommandRunner.id();
    SocketTerminal terminal = new SocketTerminal(connection, command.interactive(), loginUids);
    ConversationRunner.run(
        connection,
        "command-" + id,
        terminal,
        () -> {
          int code = commands.run(command.words(), terminal, id);
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
}
