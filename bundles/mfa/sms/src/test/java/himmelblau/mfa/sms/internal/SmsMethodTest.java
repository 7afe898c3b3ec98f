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
    ScriptedConversation person = person();
    method().verify(challenge(Progress.APPROVED), person);
    assertEquals(
        List.of(
            "I We texted your phone +XX XXXXXXX42. Please enter the code to sign in:", "* Code: "),
        person.transcript());
  }

  @Test
  void theDirectorysOwnNumberAndSentenceWin() throws Exception {
    ScriptedConversation person = person();
    method()
        .verify(
            new ScriptedChallenge(id(), prompt().withTarget("+31 ** 07"), Progress.APPROVED),
            person);
    assertEquals(
        "I We texted your phone +31 ** 07. Please enter the code to sign in:",
        person.transcript().getFirst());
    person = person();
    method()
        .verify(new ScriptedChallenge(id(), prompt().withText("Typ!"), Progress.APPROVED), person);
    assertEquals("I Typ!", person.transcript().getFirst());
  }
}
