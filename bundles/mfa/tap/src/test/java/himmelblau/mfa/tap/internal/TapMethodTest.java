package himmelblau.mfa.tap.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.mfa.Challenge.Progress;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.contract.mfa.CodeMethodContract;
import himmelblau.contract.mfa.ScriptedConversation;
import java.util.List;
import org.junit.jupiter.api.Test;

class TapMethodTest extends CodeMethodContract {
  @Override
  protected MfaMethod method() {
    return new TapMethod();
  }

  @Override
  protected String id() {
    return "AccessPass";
  }

  @Test
  void transcript() throws Exception {
    ScriptedConversation user = user();
    method().verify(challenge(Progress.APPROVED), user);
    assertEquals(
        List.of("I Please enter your Temporary Access Pass:", "* Code: "), user.transcript());
  }
}
