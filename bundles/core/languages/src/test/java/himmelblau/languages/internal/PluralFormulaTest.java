package himmelblau.languages.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PluralFormulaTest {
  @ParameterizedTest
  @CsvSource({
    "n != 1, 1, 0",
    "n != 1, 0, 1",
    "1 + 2 * n, 3, 7",
    "(1 + 2) * n, 3, 9",
    "n - 1 - 1, 5, 3",
    "!n, 0, 1",
    "n > 1 || n == 0 && n == 9, 0, 0",
    "n == 1 ? 0 : n == 2 ? 1 : 2, 2, 1",
    "n % 10 / 2, 27, 3"
  })
  void isWhatCSays(String formula, long n, int form) {
    assertEquals(form, new PluralFormula(formula).form(n));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "n +", "(n", "n n", "x", "n ? 1", "System.exit(1)"})
  void nothingElseIsAFormula(String text) {
    assertThrows(IllegalArgumentException.class, () -> new PluralFormula(text));
  }

  @Test
  void slavicForms() {
    PluralFormula polish =
        new PluralFormula("n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2");
    assertEquals(0, polish.form(1));
    assertEquals(1, polish.form(22));
    assertEquals(2, polish.form(12));
  }
}
