package himmelblau.hello.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors of host-behaviour 2.8. */
class PinRulesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "111111", "123456", "135791", "963074", "159371", "703692", "975319", "", "1", "abcx"
      })
  void simple(String pin) {
    assertTrue(PinRules.simple(pin.getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"123451", "187265", "abcxyz", "12a456", "432187"})
  void notSimple(String pin) {
    assertFalse(PinRules.simple(pin.getBytes(StandardCharsets.UTF_8)));
    assertEquals(Optional.empty(), PinRules.objection(Secret.ofText(pin), 6));
  }

  @Test
  void textsInTheirOrder() {
    assertEquals(
        Optional.of("Chosen pin is too short! 8 chars required."),
        PinRules.objection(Secret.ofText("111111"), 8));
    assertEquals(
        Optional.of(
            "PIN must not use repeating or predictable sequences."
                + " Avoid patterns like '111111', '123456', or '135791'."),
        PinRules.objection(Secret.ofText("111111"), 6));
    assertTrue(PinRules.objection(Secret.ofText("1827".repeat(9)), 6).isPresent(), "over 32 bytes");
  }

  @Test
  void lengthIsInBytes() {
    assertEquals(Optional.empty(), PinRules.objection(Secret.ofText("äöü"), 6));
  }

  @Test
  void impossibleMinimumsAreBroughtIntoRange() {
    assertEquals(6, new HelloSettings(true, 1, 3, false).minimumLength());
    assertEquals(32, new HelloSettings(true, 99, 3, false).minimumLength());
  }
}
