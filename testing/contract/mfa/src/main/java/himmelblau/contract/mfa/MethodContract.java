package himmelblau.contract.mfa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.mfa.Challenge.Progress;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.mfa.Verdict;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Requirements for every method. */
public abstract class MethodContract {
  /** The method under test. */
  protected abstract MfaMethod method();

  /** One of the ids it serves. */
  protected abstract String id();

  /** Answers of a user who does all that is asked. */
  protected abstract String[] willing();

  /** What the directory shows; three seconds until the deadline. */
  protected Prompt prompt() {
    return ScriptedChallenge.brief();
  }

  protected ScriptedChallenge challenge(Progress... answers) {
    return new ScriptedChallenge(id(), prompt(), answers);
  }

  protected ScriptedConversation user() {
    return new ScriptedConversation(ScriptedConversation.CONSOLE, willing());
  }

  @Test
  void traitsAreTheSameAtEveryCall() {
    assertEquals(method().traits(), method().traits());
  }

  @Test
  void anApprovedChallengeIsApproved() throws Exception {
    ScriptedChallenge challenge = challenge(Progress.APPROVED);
    assertInstanceOf(Verdict.Approved.class, method().verify(challenge, user()));
    assertEquals(1, challenge.begun(), "begun exactly once");
  }

  @Test
  void onlyAnApprovedChallengeIsApproved() throws Exception {
    for (Progress no : new Progress[] {Progress.DENIED, Progress.EXPIRED, Progress.PENDING}) {
      Verdict verdict = method().verify(challenge(no), user());
      assertTrue(!(verdict instanceof Verdict.Approved), no + " became " + verdict);
    }
  }

  @Test
  void anExpiredChallengeIsTimedOut() throws Exception {
    Verdict verdict = method().verify(challenge(Progress.EXPIRED), user());
    Verdict.TimedOut late = assertInstanceOf(Verdict.TimedOut.class, verdict);
    assertEquals("Authentication timed out. Please try again.", late.text());
  }

  @Test
  void aBrokenDirectoryIsNotHidden() {
    DomainUnavailable broken = new DomainUnavailable(DomainUnavailable.Kind.NETWORK, "reset");
    DomainUnavailable seen =
        assertThrows(
            DomainUnavailable.class, () -> method().verify(challenge().breaking(broken), user()));
    assertEquals(broken, seen);
  }

  @Test
  void aRefusalIsNotHidden() {
    SignInRefused refused =
        new SignInRefused(SignInRefused.Reason.DENIED_BY_USER, "no", Optional.empty(), false);
    SignInRefused seen =
        assertThrows(
            SignInRefused.class, () -> method().verify(challenge().refusing(refused), user()));
    assertEquals(refused, seen);
  }
}
