package himmelblau.login.internal.password;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.Step;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamCode;
import himmelblau.api.secret.Secret;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.login.internal.conversation.SignInAttempt;
import himmelblau.login.internal.conversation.SignInEnded;
import himmelblau.login.internal.conversation.StepConversation;
import himmelblau.login.internal.conversation.TypedAnswers;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.Arrays;

/** Replaces a password that has expired or is an initial one (host-behaviour 2.6). */
final class NewPassword {
  private static final int SHORTEST = 8;
  private static final int TRIES = 5;
  private static final Duration HINT = Duration.ofSeconds(2);

  private NewPassword() {}

  /**
   * The result.
   *
   * @param password the new one, which the caller closes
   */
  record Changed(Step next, Secret password) {}

  /**
   * Asks until the directory accepts one, {@link #TRIES} times at most. {@code old} is borrowed.
   *
   * @throws SignInEnded none was accepted
   */
  static Changed ask(SignIn signIn, Secret old, SignInAttempt attempt)
      throws ConversationClosed, DomainUnavailable, SignInRefused, SignInEnded {
    StepConversation conversation = attempt.conversation();
    String objection = "";
    for (int i = 0; i < TRIES; i++) {
      Secret fresh =
          conversation.hidden(
              PromptTexts.NEW_PASSWORD_NEEDED,
              PromptTexts.NEW_PASSWORD,
              Conversation.Kind.AUTHTOK,
              PromptTexts.NO_PASSWORD);
      boolean kept = false;
      try {
        TypedAnswers.Given given = attempt.answers().take(fresh, TypedAnswers.Use.NEW_PASSWORD);
        if (characters(fresh) < SHORTEST) {
          given.refuse();
          objection = PromptTexts.PASSWORD_TOO_SHORT;
          conversation.say(objection);
        } else if (!confirmed(fresh, conversation)) {
          objection = PromptTexts.MISMATCH;
          conversation.say(objection);
          conversation.pause(HINT);
        } else {
          conversation.say(PromptTexts.CHANGING_PASSWORD);
          Step next = changed(signIn, old, fresh, given);
          kept = true;
          return new Changed(next, fresh);
        }
      } catch (SignInRefused e) {
        if (e.reason() != SignInRefused.Reason.PASSWORD_REJECTED && !e.retry()) {
          throw e;
        }
        objection = PromptTexts.PASSWORD_NOT_CHANGED.replace("{message}", e.text());
        conversation.say(objection);
      } finally {
        if (!kept) {
          fresh.close();
        }
      }
    }
    throw SignInEnded.refused(PamCode.MAXTRIES, objection);
  }

  private static Step changed(SignIn signIn, Secret old, Secret fresh, TypedAnswers.Given given)
      throws DomainUnavailable, SignInRefused {
    try {
      return signIn.changePassword(old, fresh);
    } catch (SignInRefused e) {
      given.refuse();
      throw e;
    }
  }

  private static boolean confirmed(Secret fresh, StepConversation conversation)
      throws ConversationClosed {
    try (Secret again =
        conversation.hidden(
            PromptTexts.NEW_PASSWORD_NEEDED,
            PromptTexts.CONFIRM_PASSWORD,
            Conversation.Kind.PASSING,
            PromptTexts.NO_PASSWORD_CONFIRMATION)) {
      return fresh.matches(again);
    }
  }

  private static int characters(Secret secret) {
    try {
      char[] chars = secret.copyChars();
      int length = Character.codePointCount(chars, 0, chars.length);
      Arrays.fill(chars, '\0');
      return length;
    } catch (CharacterCodingException e) {
      return 0; // not valid text: no directory would accept it
    }
  }
}
