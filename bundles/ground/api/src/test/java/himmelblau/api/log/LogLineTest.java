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
            "login.refused",
            Optional.of("c1"),
            null,
            Optional.empty(),
            "user",
            "a\nlogin.ok user=root",
            "n",
            3);
    assertEquals("login.refused conversation=c1 user=\"a\\u000alogin.ok user=root\" n=3", line);
  }

  @Test
  void noValueSteersATerminalOrFillsTheDisk() {
    String line =
        LogLine.format(
            "e",
            Optional.empty(),
            null,
            Optional.empty(),
            "a",
            "\u001b[2J\u009b1A\u202e\u2066\udb40\udc41",
            "b",
            "x".repeat(1 << 20));
    assertEquals(
        "e a=\"\\u001b[2J\\u009b1A\\u202e\\u2066\\ue0041\" b=\"" + "x".repeat(4096) + "\u2026\"",
        line);
  }

  @Test
  void secretsStayHidden() {
    assertEquals(
        "e pin=***",
        LogLine.format(
            "e", Optional.empty(), null, Optional.empty(), "pin", Secret.ofText("123456")));
  }

  @Test
  void onlyTheLogItselfMarksAnAuditEvent() {
    assertEquals(
        "e user=\"audit=sign_in/success\" audit=sign_in/denied",
        LogLine.format(
            "e",
            Optional.empty(),
            null,
            Optional.of("sign_in/denied"),
            "user",
            "audit=sign_in/success"));
  }
}
