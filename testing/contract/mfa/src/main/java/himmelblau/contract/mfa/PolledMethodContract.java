package himmelblau.contract.mfa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.login.ConversationClosed;
import himmelblau.api.mfa.Challenge.Progress;
import himmelblau.api.mfa.Verdict;
import org.junit.jupiter.api.Test;

/** Requirements for methods in which the user responds on another device and the host waits. */
public abstract class PolledMethodContract extends MethodContract {
  @Override
  protected String[] willing() {
    return new String[0];
  }

  @Test
  void waitsAtTheIntervalOfThePrompt() throws Exception {
    ScriptedConversation user = user();
    Verdict verdict =
        method().verify(challenge(Progress.PENDING, Progress.PENDING, Progress.APPROVED), user);
    assertInstanceOf(Verdict.Approved.class, verdict);
    assertEquals(2, user.transcript().stream().filter("~ PT1S"::equals).count());
  }

  @Test
  void stopsAtTheDeadline() throws Exception {
    ScriptedChallenge challenge = challenge(Progress.PENDING);
    assertInstanceOf(Verdict.TimedOut.class, method().verify(challenge, user()));
    assertTrue(challenge.asked() <= 5, "asked " + challenge.asked() + " times in three seconds");
  }

  @Test
  void aDeniedChallengeIsDenied() throws Exception {
    Verdict verdict = method().verify(challenge(Progress.DENIED), user());
    assertInstanceOf(Verdict.Denied.class, verdict);
  }

  @Test
  void aClientThatShowsTextOnlyWithAPromptGetsOne() throws Exception {
    ScriptedConversation user = new ScriptedConversation(ScriptedConversation.SSH, "");
    method().verify(challenge(Progress.APPROVED), user);
    assertEquals("* Press enter to continue", user.transcript().getLast());
  }

  @Test
  void aDisconnectEndsTheMethod() {
    ScriptedChallenge challenge = challenge(Progress.PENDING);
    assertThrows(
        ConversationClosed.class,
        () -> method().verify(challenge, new ScriptedConversation(ScriptedConversation.SSH)));
  }
}
