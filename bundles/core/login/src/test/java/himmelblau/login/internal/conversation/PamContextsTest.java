package himmelblau.login.internal.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.login.PamContext;
import himmelblau.api.login.SignInRequest;
import himmelblau.login.internal.LoginFixture;
import himmelblau.login.internal.settings.LoginSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Console or remote (host-behaviour 2.4). */
class PamContextsTest {
  private static final LoginSettings SETTINGS =
      new LoginSettings(
          List.of(),
          Set.of(),
          true,
          true,
          true,
          false,
          "",
          "",
          false,
          true,
          List.of("ssh", "cockpit"),
          List.of("ssh"),
          Optional.empty(),
          true,
          true,
          false,
          true,
          Duration.ZERO);

  @ParameterizedTest
  @CsvSource({
    "sshd, '', '', true, true",
    "sshd, '', localhost, true, true",
    "su, '', '', false, false",
    "su, '', LOCALHOST, false, false",
    "su, '', 127.0.0.53, false, false",
    "su, '', ::1, false, false",
    "su, '', '[::1%lo]', false, false",
    "su, '', 127.evil.example, true, false",
    "su, '', 192.0.2.7, true, false",
    "su, '', localhost.localdomain, true, false",
    "cockpit, '', '', true, true",
    "'', /dev/tty1, '', false, false",
    "'', '', '', false, false"
  })
  void judged(String service, String tty, String rhost, boolean remote, boolean poll) {
    SignInRequest request =
        new SignInRequest(
            LoginFixture.ROOT,
            "u",
            service,
            tty,
            rhost,
            Set.of(SignInRequest.Flag.MFA_POLL_PROMPT),
            false,
            "",
            Optional.empty());
    PamContext context = PamContexts.of(request, SETTINGS);
    assertEquals(remote, context.remote());
    assertEquals(poll, context.pollPrompt());
    if (service.isEmpty()) {
      assertEquals(tty.isEmpty() ? "unknown" : tty, context.service());
    }
  }
}
