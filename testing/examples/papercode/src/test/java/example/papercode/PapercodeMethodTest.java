package example.papercode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.mfa.Challenge.Progress;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.contract.mfa.CodeMethodContract;
import himmelblau.contract.mfa.ScriptedChallenge;
import himmelblau.contract.mfa.ScriptedConversation;
import java.util.List;
import org.junit.jupiter.api.Test;

class PapercodeMethodTest extends CodeMethodContract {
  @Override
  protected MfaMethod method() {
    return new PapercodeMethod();
  }

  @Override
  protected String id() {
    return "Papercode";
  }

  @Test
  void theNumberOfTheCodeIsShown() throws Exception {
    ScriptedConversation user = user();
    ScriptedChallenge challenge =
        new ScriptedChallenge(id(), ScriptedChallenge.brief().withNumber("7"), Progress.APPROVED);
    method().verify(challenge, user);
    assertEquals(
        List.of("I Enter code number 7 of your list.", "* Code: "), user.transcript());
  }
}
