package himmelblau.mfa.otp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.mfa.Challenge.Progress;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.contract.mfa.CodeMethodContract;
import himmelblau.contract.mfa.ScriptedConversation;
import java.util.List;
import org.junit.jupiter.api.Test;

class OtpMethodTest extends CodeMethodContract {
  @Override
  protected MfaMethod method() {
    return new OtpMethod();
  }

  @Override
  protected String id() {
    return "PhoneAppOTP";
  }

  @Test
  void transcript() throws Exception {
    ScriptedConversation user = user();
    method().verify(challenge(Progress.DENIED, Progress.APPROVED), user);
    assertEquals(
        List.of(
            "I Please enter the code shown in your authenticator app:",
            "* Code: ",
            "I That code was not correct.",
            "I Please enter the code shown in your authenticator app:",
            "* Code: "),
        user.transcript());
  }
}
