package himmelblau.mfa.phonesignin.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.mfa.Challenge.Progress;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.api.mfa.Prompt;
import himmelblau.contract.mfa.PolledMethodContract;
import himmelblau.contract.mfa.ScriptedConversation;
import java.util.List;
import org.junit.jupiter.api.Test;

class PhoneSignInMethodTest extends PolledMethodContract {
  @Override
  protected MfaMethod method() {
    return new PhoneSignInMethod();
  }

  @Override
  protected String id() {
    return "RemoteNGC";
  }

  @Override
  protected Prompt prompt() {
    return super.prompt().withNumber("42");
  }

  @Test
  void transcript() throws Exception {
    ScriptedConversation user = user();
    method().verify(challenge(Progress.APPROVED), user);
    assertEquals(
        List.of("I Open your Authenticator app, and enter the number '42' to sign in."),
        user.transcript());
  }
}
