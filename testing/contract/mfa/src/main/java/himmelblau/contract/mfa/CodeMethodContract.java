package himmelblau.contract.mfa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.mfa.Challenge.Progress;
import himmelblau.api.mfa.Verdict;
import org.junit.jupiter.api.Test;

/** Requirements for methods in which the user types a code. */
public abstract class CodeMethodContract extends MethodContract {
  @Override
  protected String[] willing() {
    return new String[] {"271828", "314159", "161803", "141421", "173205"};
  }

  @Test
  void aWrongCodeMayBeTypedAgain() throws Exception {
    ScriptedChallenge challenge = challenge(Progress.DENIED, Progress.APPROVED);
    assertInstanceOf(Verdict.Approved.class, method().verify(challenge, user()));
    assertEquals(2, challenge.asked());
  }

  @Test
  void theNumberOfWrongCodesIsLimited() throws Exception {
    ScriptedChallenge challenge = challenge(Progress.DENIED);
    assertInstanceOf(Verdict.Denied.class, method().verify(challenge, user()));
    assertTrue(challenge.asked() <= 3, "asked " + challenge.asked() + " times");
  }

  @Test
  void codesAreNeitherShownNorKept() throws Exception {
    ScriptedConversation user = user();
    method().verify(challenge(Progress.DENIED), user);
    assertFalse(user.transcript().toString().contains("271828"));
    assertFalse(user.hiddenKinds().contains(Conversation.Kind.AUTHTOK));
  }

  @Test
  void cancellingEndsTheMethod() {
    ScriptedConversation user =
        new ScriptedConversation(ScriptedConversation.CONSOLE, ScriptedConversation.CANCEL);
    assertThrows(ConversationClosed.class, () -> method().verify(challenge(), user));
  }
}
