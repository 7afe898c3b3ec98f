package himmelblau.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class LineListenersTest {
  private final LineListeners lines = new LineListeners();
  private final List<String> heard = new ArrayList<>();
  private final Consumer<String> listener = heard::add;

  @Test
  void linesHaveTimeAndLevel() {
    lines.add(listener);
    lines.write(Level.WARNING, "himmelblau.x e.y a=1");
    assertTrue(
        heard.getFirst().matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z warn himmelblau.x e.y a=1"),
        heard::toString);
  }

  @Test
  void theLastLinesFromBeforeTheFirstListenerAreKept() {
    for (int i = 0; i < 300; i++) {
      lines.write(Level.INFO, "n" + i);
    }
    lines.add(listener);
    assertEquals(256, heard.size());
    assertTrue(heard.getFirst().endsWith(" n44"), heard.getFirst());
    lines.write(Level.INFO, "later");
    assertEquals(257, heard.size());
    List<String> second = new ArrayList<>();
    lines.add(second::add);
    assertEquals(List.of(), second, "they are handed over once");
  }

  @Test
  void aReplacedListenerMissesNothing() {
    lines.add(listener);
    lines.remove(listener);
    lines.write(Level.INFO, "between");
    assertEquals(List.of(), heard);
    lines.add(listener);
    assertEquals(1, heard.size());
  }

  @Test
  void aListenerThatFailsHarmsNobody() {
    lines.add(
        line -> {
          throw new IllegalStateException(line);
        });
    lines.add(listener);
    lines.write(Level.INFO, "a");
    assertEquals(1, heard.size());
  }
}
