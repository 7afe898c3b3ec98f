package himmelblau.shell.internal;

import himmelblau.api.admin.AdminTerminal.Streams;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;

/** A Gogo session over a byte stream, line by line. */
final class GogoSession {
  private static final Log LOG = Log.of(GogoSession.class);

  /** The name of a command; what follows it may be anything, also a secret. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_:.-]*");

  private static final String PROMPT = "g! ";
  private static final int MOST = 65536;

  private final CommandProcessor processor;
  private final BundleNames names;
  private final InputStream input;
  private final PrintStream output;
  private final PrintStream error;

  GogoSession(CommandProcessor processor, BundleNames names, Streams streams) {
    this.processor = processor;
    this.names = names;
    this.input = streams.input();
    this.output = new PrintStream(streams.output(), true, StandardCharsets.UTF_8);
    this.error = new PrintStream(streams.error(), true, StandardCharsets.UTF_8);
  }

  /** Runs lines until the input ends or {@code exit}. Returns the exit code. */
  int interact(boolean prompt) {
    try (CommandSession session = processor.createSession(input, output, error)) {
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
    try (CommandSession session = processor.createSession(input, output, error)) {
      return execute(session, line) ? 0 : 1;
    }
  }

  private boolean execute(CommandSession session, String line) {
    Matcher name = NAME.matcher(line);
    LOG.audit(AuditKind.ADMIN, AuditOutcome.SUCCESS)
        .info("shell.command", "command", name.lookingAt() ? name.group() : "");
    try {
      Object result = session.execute(names.resolve(line));
      if (result != null) {
        output.println(session.format(result, Converter.INSPECT));
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
