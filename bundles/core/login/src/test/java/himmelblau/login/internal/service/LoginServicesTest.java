package himmelblau.login.internal.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.mfa.MfaMethod.Trait;
import himmelblau.mfa.devicecode.internal.DeviceCodeMethod;
import himmelblau.mfa.otp.internal.OtpMethod;
import himmelblau.mfa.push.internal.PushMethod;
import himmelblau.mfa.voice.internal.VoiceMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoginServicesTest {
  private static final Set<Trait> CODE = new OtpMethod().traits();
  private static final Set<Trait> PUSH = new PushMethod().traits();
  private static final Set<Trait> CALL = new VoiceMethod().traits();
  private static final Set<Trait> BROWSER = new DeviceCodeMethod().traits();

  @Test
  void theDocumentationHasTheSameTable() throws IOException {
    List<List<String>> expected = new ArrayList<>(List.of(LoginServices.COLUMNS));
    LoginServices.all().forEach(row -> expected.add(row.cells()));
    List<List<String>> documented =
        Files.readAllLines(Path.of("../../../docs/login-services.md")).stream()
            .dropWhile(line -> !line.startsWith("| Program |"))
            .takeWhile(line -> line.startsWith("|"))
            .filter(line -> !line.startsWith("|---"))
            .map(
                line ->
                    Arrays.stream(line.substring(1, line.length() - 1).split("\\|"))
                        .map(cell -> cell.strip().replace("`", ""))
                        .toList())
            .toList();
    assertEquals(expected, documented);
  }

  @Test
  void noServiceHasTwoRows() {
    Set<String> names = new HashSet<>();
    for (LoginService row : LoginServices.all()) {
      for (String name : row.names()) {
        assertTrue(names.add(name), name);
        assertEquals(row, LoginServices.of(name.replace("*", "")), name);
      }
    }
  }

  @Test
  void serviceNamesAreComparedWhole() {
    assertEquals("OpenSSH", LoginServices.of("sshd").program());
    assertEquals("OpenSSH", LoginServices.of("sshd-second").program());
    assertEquals("every other", LoginServices.of("suexec").program());
    assertEquals("every other", LoginServices.of("mycups").program());
    assertEquals("every other", LoginServices.of("").program());
  }

  @Test
  void whatAMethodNeedsHasToBeThere() {
    LoginService ssh = LoginServices.of("sshd");
    assertTrue(ssh.suits(CODE) && ssh.suits(PUSH) && ssh.suits(CALL) && ssh.suits(BROWSER));
    LoginService sddm = LoginServices.of("sddm");
    assertFalse(sddm.suits(CODE), "it would give the password in place of the code");
    assertTrue(sddm.suits(PUSH) && sddm.suits(CALL) && sddm.suits(BROWSER));
    LoginService ftp = LoginServices.of("vsftpd");
    assertFalse(ftp.suits(CODE));
    assertFalse(ftp.suits(PUSH), "nobody sees the number");
    assertFalse(ftp.suits(BROWSER));
    assertTrue(ftp.suits(CALL), "the phone rings");
    LoginService cups = LoginServices.of("cups");
    assertFalse(cups.suits(CALL), "it serves nobody else meanwhile");
    assertFalse(cups.suits(Set.of()), "a method that says nothing needs everything");
  }

  @Test
  void aQrCodeNeedsLettersOfOneWidth() {
    assertTrue(LoginServices.of("sshd").draws("ssh", false));
    assertTrue(LoginServices.of("su").draws("", false));
    assertFalse(LoginServices.of("su").draws(":0", true));
    assertFalse(LoginServices.of("gdm-password").draws("/dev/tty1", true));
    assertFalse(LoginServices.of("gdm-password").draws("/dev/tty1", false));
    assertFalse(LoginServices.of("lightdm").draws(":0", true));
    assertFalse(LoginServices.of("polkit-1").draws("", false));
    LoginService other = LoginServices.of("something");
    assertTrue(other.draws("pts/3", false) && other.draws("/dev/tty2", false));
    assertFalse(other.draws("", false));
    assertFalse(other.draws("something", false));
    assertFalse(other.draws("pts/3", true));
  }
}
