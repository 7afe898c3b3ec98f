package himmelblau.directory.internal.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShownNamesTest {
  private final ShownNames names = new ShownNames(10_000);

  @Test
  void keepsWhatItIsGivenAndNothingElse() {
    for (long row = 3; row < 30_000; row += 3) {
      names.add(row, "müller" + row);
    }
    for (long row = 0; row < 30_003; row++) {
      Optional<String> expected =
          row >= 3 && row < 30_000 && row % 3 == 0 ? Optional.of("müller" + row) : Optional.empty();
      assertEquals(expected, names.of(row));
    }
  }

  @Test
  void longAndEmptyNamesFit() {
    String name = "n".repeat(60_000);
    names.add(7, name);
    names.add(8, "");
    names.add(9, name);
    assertEquals(Optional.of(name), names.of(7));
    assertEquals(Optional.of(""), names.of(8));
    assertEquals(Optional.of(name), names.of(9));
  }

  @Test
  void rowsOutOfOrderAreRefused() {
    names.add(7, "a");
    assertThrows(IllegalArgumentException.class, () -> names.add(7, "b"));
    assertThrows(IllegalArgumentException.class, () -> names.add(3, "b"));
    assertEquals(Optional.of("a"), names.of(7));
  }
}
