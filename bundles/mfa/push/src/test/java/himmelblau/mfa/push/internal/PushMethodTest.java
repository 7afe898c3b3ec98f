package himmelblau.mfa.push.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.mfa.Challenge.Progress;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.mfa.Verdict;
import himmelblau.contract.mfa.PolledMethodContract;
import himmelblau.contract.mfa.ScriptedChallenge;
import himmelblau.contract.mfa.ScriptedConversation;
import java.util.List;
import org.junit.jupiter.api.Test;

class PushMethodTest extends PolledMethodContract {
  @Override
  protected MfaMethod method() {
    return new PushMethod();
  }

  @Override
  protected String id() {
    return "PhoneAppNotification";
  }

  @Override
  protected Prompt prompt() {
    return super.prompt().withNumber("07");
  }

  @Test
  void overSsh() throws Exception {
    ScriptedConversation user = new ScriptedConversation(ScriptedConversation.SSH, "");
    method().verify(challenge(Progress.PENDING, Progress.APPROVED), user);
    assertEquals(
        List.of(
            "I Open your Authenticator app, and enter the number '07' to sign in.\n"
                + "No push? Check your mobile device's internet connection.",
            "* Press enter to continue",
            "~ PT1S"),
        user.transcript());
  }

  @Test
  void withoutANumberThereIsNoneToEnter() throws Exception {
    ScriptedConversation user = user();
    ScriptedChallenge plain =
        new ScriptedChallenge(id(), ScriptedChallenge.brief(), Progress.APPROVED);
    method().verify(plain, user);
    assertEquals(
        List.of(
            "I Open your Authenticator app, and approve the request to sign in.\n"
                + "No push? Check your mobile device's internet connection."),
        user.transcript());
  }

  @Test
  void textsOfFailure() throws Exception {
    assertEquals(
        new Verdict.Denied("Authentication failed. Please try again."),
        method().verify(challenge(Progress.DENIED), user()));
    assertEquals(
        new Verdict.TimedOut("Authentication timed out. Please try again."),
        method().verify(challenge(Progress.PENDING), user()));
  }
}
