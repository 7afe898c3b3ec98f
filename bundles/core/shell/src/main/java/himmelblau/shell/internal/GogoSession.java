package himmelblau.shell.internal;

import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.AdminTerminal.Streams;
import himmelblau.api.login.ConversationClosed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;

/** A Gogo session over a byte stream, line by line. */
final class GogoSession {
  /** Where names without a scope are looked for: nothing that is added later hides these. */
  private static final String SCOPES = "felix:gogo:scr:himmelblau:aad:*";

  private static final String PROMPT = "g! ";
  private static final int MOST = 65536;

  private final CommandProcessor processor;
  private final BundleNames names;
  private final AdminTerminal terminal;
  private final SessionLog log;
  private final InputStream input;
  private final PrintStream output;
  private final PrintStream error;

  GogoSession(CommandProcessor processor, BundleNames names, AdminTerminal terminal)
      throws ConversationClosed {
    Streams streams = terminal.stream(false);
    this.processor = processor;
    this.names = names;
    this.terminal = terminal;
    this.log = new SessionLog(terminal);
    this.input = streams.input();
    this.output = new PrintStream(streams.output(), true, StandardCharsets.UTF_8);
    this.error = new PrintStream(streams.error(), true, StandardCharsets.UTF_8);
  }

  /** Runs lines until the input ends or {@code exit}. Returns the exit code. */
  int interact(boolean prompt) {
    try (CommandSession session = session()) {
      while (true) {
        if (prompt) {
          output.print(PROMPT);
          output.flush();
        }
        Optional<String> line = line();
        if (line.isEmpty()) {
          return 0;
        }
        String text = line.get().strip();
        if (text.equals("exit") || text.equals("quit")) {
          return 0;
        }
        if (!text.isEmpty() && !text.startsWith("#")) {
          execute(session, text);
        }
      }
    } catch (IOException e) {
      return 1; // the peer has disconnected; a message would not be read
    }
  }

  /** Runs one line. Returns the exit code: 1 if it failed. */
  int once(String line) {
    try (CommandSession session = session()) {
      return execute(session, line) ? 0 : 1;
    }
  }

  private CommandSession session() {
    CommandSession session = processor.createSession(input, output, error);
    session.put(AadFunction.TERMINAL, terminal);
    session.put("SCOPE", SCOPES);
    return session;
  }

  private boolean execute(CommandSession session, String line) {
    try {
      log.line(line, known(session));
      Object result = session.execute(HelpLine.resolve(names.resolve(line)));
      if (result != null) {
        output.println(session.format(result, Converter.INSPECT));
      }
      if (line.equals("help")) { // Gogo's lists what it finds by reflection only
        known(session).stream()
            .filter(AadScope::has)
            .filter(name -> session.get(name) != null) // Gogo also names what is gone
            .sorted()
            .forEach(output::println);
      }
      return true;
    } catch (Exception e) {
      // Whatever a command throws concerns its caller only.
      error.println("gogo: " + e.getClass().getSimpleName() + ": " + e.getMessage());
      return false;
    } finally {
      output.flush();
      error.flush();
    }
  }

  private static Set<String> known(CommandSession session) {
    return session.get(".commands") instanceof Set<?> names
        ? names.stream().map(String::valueOf).collect(Collectors.toSet())
        : Set.of();
  }

  /** Byte by byte: what follows the line may be for the command that it starts. */
  private Optional<String> line() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int next = input.read(); next != '\n'; next = input.read()) {
      if (next < 0) {
        return bytes.size() == 0
            ? Optional.empty()
            : Optional.of(bytes.toString(StandardCharsets.UTF_8));
      }
      if (bytes.size() == MOST) {
        throw new IOException("A line of more than " + MOST + " bytes");
      }
      bytes.write(next);
    }
    return Optional.of(bytes.toString(StandardCharsets.UTF_8));
  }
}
