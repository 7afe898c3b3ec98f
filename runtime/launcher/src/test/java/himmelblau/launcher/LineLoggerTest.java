package himmelblau.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LineLoggerTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final LineTarget out =
      new ErrorStream(new PrintStream(bytes, true, StandardCharsets.UTF_8), true);

  @Test
  void writesOneLineWithThePriorityOfTheJournal() {
    LineLogger log = new LineLogger("himmelblau.login", out, () -> false);
    log.log(Level.WARNING, "a\nb");
    assertEquals("<4>himmelblau.login a b\n", bytes.toString(StandardCharsets.UTF_8));
  }

  @Test
  void nothingInALineSteersATerminal() {
    LineLogger log = new LineLogger("sun.net", out, () -> false);
    log.log(Level.WARNING, "a\u001b[2J\u009b1A\u202e\u2028", new IOException("b\u001b"));
    String line = bytes.toString(StandardCharsets.UTF_8);
    assertTrue(line.startsWith("<4>sun.net a [2J 1A   thrown=\"java.io.IOException: b  @"), line);
  }

  @Test
  void showsDebugOnlyWhenAskedAndOnlyOurs() {
    new LineLogger("himmelblau.login", out, () -> false).log(Level.DEBUG, "x");
    new LineLogger("sun.net", out, () -> true).log(Level.DEBUG, "x");
    assertTrue(bytes.toString(StandardCharsets.UTF_8).isEmpty());
    new LineLogger("himmelblau.login", out, () -> true).log(Level.DEBUG, "x");
    assertEquals("<7>himmelblau.login x\n", bytes.toString(StandardCharsets.UTF_8));
  }
}
