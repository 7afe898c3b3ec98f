package himmelblau.login.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.login.PamCode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A one-time code next to the PIN ({@code enable_hello_totp}). */
class LocalCodeTest {
  @TempDir Path folder;
  private Scene scene;

  @BeforeEach
  void enrol() throws Exception {
    scene = new Scene(folder);
    scene.options.put("enable_hello_totp", true);
    scene.start();
    scene.enrolled();
  }

  @Test
  void theFirstTimeAnAppIsEnrolledAndAWrongCodeKeepsNothing() {
    List<String> seen = scene.abandoned("user02", "182736", "abcdef");
    String invitation = seen.get(2);
    assertTrue(
        invitation.startsWith(
            "I Open your authenticator app and scan this QR code to enroll."
                + " Then enter the generated code.\n"),
        invitation);
    assertTrue(invitation.contains("\u2588"), "a QR code");
    assertTrue(invitation.contains("\nEnter the setup key '"), invitation);
    assertTrue(invitation.endsWith("and 'user02@example.org' as the label/name."), invitation);
    assertEquals(
        List.of("* TOTP Code: ", "I Failed to authenticate with Hello TOTP code.", "~ PT2S"),
        seen.subList(3, 6));
    assertTrue(scene.abandoned("user02", "182736").get(2).startsWith("I Open your"), "still none");
  }

  @Test
  void aGreeterThatDrawsItsOwnGetsTheBareAddress() {
    scene.service = "gdm-password";
    scene.options.put("allow_console_password_only", false);
    assertTrue(
        scene.abandoned("user02", "182736").get(2).startsWith("I otpauth://totp/Himmelblau%20"));
  }

  @Test
  void atTheConsoleOnlyWhereAPasswordAloneWouldNotDo() throws Exception {
    scene.console();
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "182736").code());
    scene.domain.reachable = false;
    assertTrue(scene.abandoned("user02", "182736").get(2).startsWith("I Open your"), "offline");
  }

  @Test
  void withoutThePinThereIsNoCode() {
    List<String> seen = scene.abandoned("user02", "918273");
    assertTrue(seen.contains("I Failed to authenticate with Hello PIN."));
    assertTrue(seen.stream().noneMatch(line -> line.contains("setup key")));
  }
}
