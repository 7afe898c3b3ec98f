package himmelblau.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.ListResourceBundle;
import org.junit.jupiter.api.Test;

class LineLoggerTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final LineTarget out =
      new ErrorStream(new PrintStream(bytes, true, StandardCharsets.UTF_8), true);

  private final List<String> lines = new ArrayList<>();
  private final LineTarget heard = (level, line) -> lines.add(line);

  @Test
  void writesOneLineWithThePriorityOfTheJournal() {
    LineLogger log = new LineLogger("himmelblau.login", true, out, heard, () -> false);
    log.log(Level.WARNING, "a\nb");
    assertEquals("<4>himmelblau.login a b\n", bytes.toString(StandardCharsets.UTF_8));
  }

  @Test
  void nothingInALineSteersATerminal() {
    LineLogger log = new LineLogger("sun.net", false, out, heard, () -> false);
    log.log(Level.WARNING, "a\u001b[2J\u009b1A\u202e\u2028", new IOException("b\u001b"));
    String line = bytes.toString(StandardCharsets.UTF_8);
    assertTrue(line.startsWith("<4>sun.net a [2J 1A   thrown=\"java.io.IOException: b  @"), line);
  }

  @Test
  void showsDebugOnlyWhenAskedAndOnlyOurs() {
    new LineLogger("himmelblau.login", true, out, heard, () -> false).log(Level.DEBUG, "x");
    new LineLogger("sun.net", false, out, heard, () -> true).log(Level.DEBUG, "x");
    assertTrue(bytes.toString(StandardCharsets.UTF_8).isEmpty());
    new LineLogger("himmelblau.login", true, out, heard, () -> true).log(Level.DEBUG, "x");
    assertEquals("<7>himmelblau.login x\n", bytes.toString(StandardCharsets.UTF_8));
  }

  @Test
  void listenersHearOurOwnBundlesAndTheAuditEventsOfOthers() {
    ListResourceBundle mark =
        new ListResourceBundle() {
          @Override
          protected Object[][] getContents() {
            return new Object[][] {{"himmelblau.audit", "true"}};
          }
        };
    new LineLogger("himmelblau.login", true, out, heard, () -> false).log(Level.INFO, "login.ok");
    LineLogger other = new LineLogger("com.example", false, out, heard, () -> false);
    other.log(Level.WARNING, "e audit=sign_in/success");
    other.log(Level.INFO, mark, "e audit=sign_in/denied", (Throwable) null);
    assertEquals(List.of("himmelblau.login login.ok", "com.example e audit=sign_in/denied"), lines);
    assertTrue(bytes.toString(StandardCharsets.UTF_8).endsWith("<6>" + lines.getLast() + "\n"));
  }
}
