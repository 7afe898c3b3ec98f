package himmelblau.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class JournalTest {
  private final List<String> plain = new ArrayList<>();
  private final List<String> taken = new ArrayList<>();
  private final LineTarget otherwise = (level, line) -> plain.add(line);

  private boolean take(byte[] entry) {
    return taken.add(new String(entry, StandardCharsets.UTF_8));
  }

  private static String entry(String line) {
    return new String(JournalEntry.of("himmelblaud", Level.WARNING, line), StandardCharsets.UTF_8);
  }

  @Test
  void eachValueOfALineIsAField() {
    assertEquals(
        """
        MESSAGE=himmelblau.login login.refused conversation=c1 user="a \\"b\\" c" pam-code=7 none=""
        PRIORITY=4
        SYSLOG_FACILITY=3
        SYSLOG_IDENTIFIER=himmelblaud
        HIMMELBLAU_SOURCE=himmelblau.login
        HIMMELBLAU_EVENT=login.refused
        HIMMELBLAU_CONVERSATION=c1
        HIMMELBLAU_USER=a "b" c
        HIMMELBLAU_PAM_CODE=7
        HIMMELBLAU_NONE=
        """,
        entry(
            "himmelblau.login login.refused conversation=c1 user=\"a \\\"b\\\" c\" pam-code=7"
                + " none=\"\""));
  }

  @Test
  void noValueMakesAFieldOfItsOwn() {
    String made = entry("himmelblau.login e user=\"x\\u000aPRIORITY=0 root=1\\\\\" n=1");
    assertEquals(7 + 1, made.lines().count(), made);
    assertTrue(made.contains("\nHIMMELBLAU_USER=x\\u000aPRIORITY=0 root=1\\\n"), made);
    assertTrue(made.endsWith("\nHIMMELBLAU_N=1\n"), made);
  }

  @Test
  void whatIsNotOursOrNotOfOurFormHasNoFields() {
    assertFalse(entry("sun.net a=b").contains("HIMMELBLAU_"));
    String free = entry("himmelblau.x words of an event, a=b and=more of=\"it\" no field=1");
    assertTrue(
        free.endsWith(
            """
            HIMMELBLAU_EVENT=words of an event,
            HIMMELBLAU_A=b
            HIMMELBLAU_AND=more
            HIMMELBLAU_OF=it
            """),
        free);
    assertTrue(entry("himmelblau.x").endsWith("HIMMELBLAU_EVENT=\n"));
    assertFalse(entry("himmelblau.x e " + "k".repeat(60) + "=1").contains("_KKK"));
    assertTrue(entry("himmelblau.x e a=\"open \\").endsWith("HIMMELBLAU_A=open \\\n"));
  }

  @Test
  void whatTheSocketDoesNotTakeGoesToStandardError() {
    Journal journal =
        new Journal("himmelblaud", otherwise, () -> entry -> entry.length < 300 && take(entry));
    journal.write(Level.INFO, "himmelblau.x small");
    journal.write(Level.INFO, "himmelblau.x " + "large".repeat(100));
    assertEquals(1, taken.size());
    assertEquals(List.of("himmelblau.x " + "large".repeat(100)), plain);
  }

  @Test
  void aHostWithoutTheSocketIsAskedOnce() {
    AtomicInteger asked = new AtomicInteger();
    Journal journal =
        new Journal(
            "himmelblaud",
            otherwise,
            () -> {
              asked.incrementAndGet();
              throw new UnsatisfiedLinkError("no library");
            });
    journal.write(Level.INFO, "himmelblau.x a");
    journal.write(Level.INFO, "himmelblau.x b");
    assertEquals(1, asked.get());
    assertEquals(List.of("himmelblau.x a", "himmelblau.x b"), plain.subList(1, 3));
  }

  @Test
  void openingMayLog() {
    Journal[] journal = new Journal[1];
    Predicate<byte[]> socket = this::take;
    journal[0] =
        new Journal(
            "himmelblaud",
            otherwise,
            () -> {
              journal[0].write(Level.INFO, "himmelblau.x opening");
              return socket;
            });
    journal[0].write(Level.INFO, "himmelblau.x a");
    assertEquals(List.of("himmelblau.x opening"), plain);
    assertEquals(1, taken.size());
  }

  @Test
  void aMissingJournalIsNoError() {
    assertFalse(new JournalSocket("/nonexistent/journal").send(new byte[] {'x'}));
  }

  @Test
  void standardErrorIsTheJournalsWhenItIsTheStreamThatWasGiven() throws Exception {
    Map<String, Object> file = Files.readAttributes(Path.of("/proc/self/fd/2"), "unix:dev,ino");
    String stream = file.get("dev") + ":" + file.get("ino");
    assertTrue(ErrorStream.isJournal(Map.of("JOURNAL_STREAM", stream)));
    assertFalse(ErrorStream.isJournal(Map.of("JOURNAL_STREAM", stream + "1")));
    assertFalse(ErrorStream.isJournal(Map.of()));
  }
}
