package himmelblau.mfa.sms.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.mfa.Challenge.Progress;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.contract.mfa.CodeMethodContract;
import himmelblau.contract.mfa.ScriptedChallenge;
import himmelblau.contract.mfa.ScriptedConversation;
import java.util.List;
import org.junit.jupiter.api.Test;

class SmsMethodTest extends CodeMethodContract {
  @Override
  protected MfaMethod method() {
    return new SmsMethod();
  }

  @Override
  protected String id() {
    return "OneWaySMS";
  }

  @Test
  void transcript() throws Exception {
    ScriptedConversation user = user();
    method().verify(challenge(Progress.APPROVED), user);
    assertEquals(
        List.of(
            "I We texted your phone +XX XXXXXXX42. Please enter the code to sign in:", "* Code: "),
        user.transcript());
  }

  @Test
  void theDirectorysOwnNumberAndSentenceWin() throws Exception {
    ScriptedConversation user = user();
    method()
        .verify(
            new ScriptedChallenge(id(), prompt().withTarget("+31 ** 07"), Progress.APPROVED), user);
    assertEquals(
        "I We texted your phone +31 ** 07. Please enter the code to sign in:",
        user.transcript().getFirst());
    user = user();
    method()
        .verify(new ScriptedChallenge(id(), prompt().withText("Typ!"), Progress.APPROVED), user);
    assertEquals("I Typ!", user.transcript().getFirst());
  }
}
