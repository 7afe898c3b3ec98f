package himmelblau.login.internal.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.secret.Secret;
import himmelblau.login.internal.FirstSignInTest;
import himmelblau.login.internal.LoginFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The password that OpenSSH passes for a user whom it refuses. */
class SubstitutePasswordTest {
  private static final String PATTERN = "\b\n\r\u007fINCORRECT";

  @TempDir Path folder;

  private static Secret substitute(int length) {
    return Secret.ofText(PATTERN.repeat(100).substring(0, length));
  }

  @Test
  void isRecognisedAtEveryLength() {
    for (int length = 1; length <= 1000; length++) {
      assertTrue(SubstitutePassword.matches(substitute(length)), "length " + length);
    }
  }

  @Test
  void isNothingElse() {
    assertFalse(SubstitutePassword.matches(substitute(0)));
    for (int length = 1; length <= 40; length++) {
      byte[] bytes = substitute(length).copyBytes();
      for (int at = 0; at < length; at++) {
        bytes[at] ^= 1;
        assertFalse(SubstitutePassword.matches(Secret.copyOf(bytes)), length + " at " + at);
        bytes[at] ^= 1;
      }
    }
    byte[] ours = "INCORRECT".getBytes(StandardCharsets.US_ASCII);
    assertFalse(SubstitutePassword.matches(Secret.taking(ours)));
  }

  @Test
  void thatAnotherModuleLeftIsRecognisedToo() throws Exception {
    LoginFixture fixture = new LoginFixture(folder);
    fixture.enrolled();
    fixture.domain.calls.clear();
    for (int i = 0; i < 4; i++) {
      fixture.authtok = Optional.of(substitute(13));
      assertTrue(
          fixture
              .refused("user02")
              .contains(
                  "I PAM_AUTH_ERR: " + PromptTexts.SSHD_REFUSES + FirstSignInTest.BANNER_END));
      fixture.unseal("user02");
    }
    fixture.authtok = Optional.empty();
    assertEquals(List.of(), fixture.domain.calls);
    assertEquals(
        "I " + PromptTexts.WRONG_PIN, fixture.abandoned("user02", "918273").get(3), "none counted");
  }
}
