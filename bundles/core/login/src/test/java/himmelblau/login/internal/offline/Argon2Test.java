package himmelblau.login.internal.offline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import himmelblau.api.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Argon2Test {
  /** Reference implementation's own test (phc-winner-argon2 test.c): Argon2id, v=0x13, t=2, p=1. */
  @Test
  void vector() {
    byte[] salt = "somesalt".getBytes(StandardCharsets.US_ASCII);
    assertEquals(
        "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe",
        HexFormat.of()
            .formatHex(Argon2.hash(new Argon2.Recipe(256, 2, salt), Secret.ofText("password"))));
  }

  @Test
  void recipesTravel() {
    Argon2.Recipe recipe = Argon2.Recipe.fresh(Argon2.COST, new SecureRandom());
    Argon2.Recipe back = Argon2.Recipe.decoded(recipe.encoded());
    assertEquals(recipe.kibibytes(), back.kibibytes());
    assertEquals(recipe.passes(), back.passes());
    assertArrayEquals(recipe.salt(), back.salt());
    byte[] newer = recipe.encoded();
    newer[0] = 2;
    assertThrows(IllegalArgumentException.class, () -> Argon2.Recipe.decoded(newer));
    assertThrows(IllegalArgumentException.class, () -> Argon2.Recipe.decoded(new byte[3]));
  }
}
