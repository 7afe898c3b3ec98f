package himmelblau.socket.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.login.Peer;
import himmelblau.api.login.SignInRequest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HostLocaleTest {
  private static SignInRequest request(String rhost, String locale) {
    return new SignInRequest(
        new Peer(0, 0, 1),
        "user02",
        "sshd",
        "ssh",
        rhost,
        Set.of(),
        false,
        locale,
        Optional.empty());
  }

  private static String locale(Map<String, String> host, String rhost, String locale) {
    return new HostLocale(host).of(request(rhost, locale));
  }

  private static final Map<String, String> GERMAN = Map.of("HIMMELBLAU_LOCALE", "de_DE.UTF-8");

  @Test
  void theLocaleOfTheApplicationCounts() {
    assertEquals("ja_JP.UTF-8", locale(GERMAN, "192.0.2.7", "ja_JP.UTF-8"));
    assertEquals("ja_JP.UTF-8", locale(GERMAN, "", "ja_JP.UTF-8"));
    assertEquals("C", locale(GERMAN, "192.0.2.7", "C"));
  }

  @Test
  void aRemoteUserWithoutLocaleGetsThatOfTheHost() {
    assertEquals("de_DE.UTF-8", locale(GERMAN, "192.0.2.7", ""));
    assertEquals("", locale(Map.of("LANG", "de_DE.UTF-8"), "192.0.2.7", ""));
  }

  @Test
  void aConsoleWithoutLocaleIsEnglish() {
    assertEquals("", locale(GERMAN, "", ""));
  }
}
