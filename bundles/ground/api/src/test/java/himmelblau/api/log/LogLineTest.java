package himmelblau.api.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.secret.Secret;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogLineTest {
  @Test
  void noValueCanForgeALine() {
    String line =
        LogLine.format(
            "login.refused", Optional.of("c1"), null, "user", "a\nlogin.ok user=root", "n", 3);
    assertEquals("login.refused conversation=c1 user=\"a\\u000alogin.ok user=root\" n=3", line);
  }

  @Test
  void secretsStayHidden() {
    assertEquals(
        "e pin=***", LogLine.format("e", Optional.empty(), null, "pin", Secret.ofText("123456")));
  }
}
