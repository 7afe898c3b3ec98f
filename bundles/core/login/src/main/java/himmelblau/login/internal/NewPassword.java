package himmelblau.login.internal;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.Step;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.secret.Secret;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.Arrays;

/** Replaces a password that has expired or is an initial one (host-behaviour 2.6). */
final class NewPassword {
  private static final int SHORTEST = 8;
  private static final Duration HINT = Duration.ofSeconds(2);

  private NewPassword() {}

  /**
   * What came of it.
   *
   * @param password the new one, which the caller closes
   */
  record Changed(Step next, Secret password) {}

  /** Asks until the directory takes one. {@code old} is borrowed. */
  static Changed ask(SignIn signIn, Secret old, Dialogue dialogue)
      throws ConversationClosed, DomainUnavailable, SignInRefused {
    while (true) {
      Secret fresh =
          dialogue.hidden(
              Texts.NEW_PASSWORD_NEEDED,
              Texts.NEW_PASSWORD,
              Conversation.Kind.AUTHTOK,
              Texts.NO_PASSWORD);
      boolean kept = false;
      try {
        if (characters(fresh) < SHORTEST) {
          dialogue.say(Texts.PASSWORD_TOO_SHORT);
        } else if (!confirmed(fresh, dialogue)) {
          dialogue.say(Texts.MISMATCH);
          dialogue.pause(HINT);
        } else {
          dialogue.say(Texts.CHANGING_PASSWORD);
          Step next = signIn.changePassword(old, fresh);
          kept = true;
          return new Changed(next, fresh);
        }
      } catch (SignInRefused e) {
        if (e.reason() != SignInRefused.Reason.PASSWORD_REJECTED && !e.retry()) {
          throw e;
        }
        dialogue.say(Texts.PASSWORD_NOT_CHANGED.formatted(e.text()));
      } finally {
        if (!kept) {
          fresh.close();
        }
      }
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
