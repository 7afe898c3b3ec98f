package himmelblau.api.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SecretTest {
  @Test
  void wipesTheBytesItTookOver() {
    byte[] bytes = "Passw0rd!".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    Secret secret = Secret.taking(bytes);
    secret.close();
    for (byte b : bytes) {
      assertEquals(0, b);
    }
    assertThrows(IllegalStateException.class, secret::copyBytes);
  }

  @Test
  void neverPrintsItself() {
    assertEquals("***", Secret.ofText("123456").toString());
  }

  @Test
  void comparesByContent() {
    assertTrue(Secret.ofText("123456").matches(Secret.ofText("123456")));
    assertFalse(Secret.ofText("123456").matches(Secret.ofText("123457")));
    assertFalse(Secret.ofText("123456").matches(Secret.ofText("12345")));
  }
}
