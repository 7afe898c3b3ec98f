package himmelblau.login.internal;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.Step;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamCode;
import himmelblau.api.secret.Secret;
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
   * What came of it.
   *
   * @param password the new one, which the caller closes
   */
  record Changed(Step next, Secret password) {}

  /**
   * Asks until the directory takes one, {@link #TRIES} times at most. {@code old} is borrowed.
   *
   * @throws Ended none was taken
   */
  static Changed ask(SignIn signIn, Secret old, Attempt attempt)
      throws ConversationClosed, DomainUnavailable, SignInRefused, Ended {
    Dialogue dialogue = attempt.dialogue();
    String objection = "";
    for (int i = 0; i < TRIES; i++) {
      Secret fresh =
          dialogue.hidden(
              Texts.NEW_PASSWORD_NEEDED,
              Texts.NEW_PASSWORD,
              Conversation.Kind.AUTHTOK,
              Texts.NO_PASSWORD);
      boolean kept = false;
      try {
        Answers.Given given = attempt.answers().take(fresh, Answers.Use.NEW_PASSWORD);
        if (characters(fresh) < SHORTEST) {
          given.refuse();
          objection = Texts.PASSWORD_TOO_SHORT;
          dialogue.say(objection);
        } else if (!confirmed(fresh, dialogue)) {
          objection = Texts.MISMATCH;
          dialogue.say(objection);
          dialogue.pause(HINT);
        } else {
          dialogue.say(Texts.CHANGING_PASSWORD);
          Step next = changed(signIn, old, fresh, given);
          kept = true;
          return new Changed(next, fresh);
        }
      } catch (SignInRefused e) {
        if (e.reason() != SignInRefused.Reason.PASSWORD_REJECTED && !e.retry()) {
          throw e;
        }
        objection = Texts.PASSWORD_NOT_CHANGED.formatted(e.text());
        dialogue.say(objection);
      } finally {
        if (!kept) {
          fresh.close();
        }
      }
    }
    throw Ended.refused(PamCode.MAXTRIES, objection);
  }

  private static Step changed(SignIn signIn, Secret old, Secret fresh, Answers.Given given)
      throws DomainUnavailable, SignInRefused {
    try {
      return signIn.changePassword(old, fresh);
    } catch (SignInRefused e) {
      given.refuse();
      throw e;
    }
  }

  private static boolean confirmed(Secret fresh, Dialogue dialogue) throws ConversationClosed {
    try (Secret again =
        dialogue.hidden(
            Texts.NEW_PASSWORD_NEEDED,
            Texts.CONFIRM_PASSWORD,
            Conversation.Kind.PASSING,
            Texts.NO_PASSWORD_CONFIRMATION)) {
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
      return 0; // not text at all: no directory would take it
    }
  }
}
