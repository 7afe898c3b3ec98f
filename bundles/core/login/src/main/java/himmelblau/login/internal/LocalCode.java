package himmelblau.login.internal;

import himmelblau.api.hello.PinRefused;
import himmelblau.api.hello.Totp;
import himmelblau.api.hello.Unlocked;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.secret.Secret;

/** The one-time code next to a PIN, checked on this device ({@code enable_hello_totp}). */
final class LocalCode {
  private final Host host;

  LocalCode(Host host) {
    this.host = host;
  }

  /** Asks for a code, or enrols an app if the person has none yet. */
  void demand(Attempt attempt, Unlocked key) throws ConversationClosed, KeyStoreUnavailable, Ended {
    // Demanded but not there to be checked: closed, not open.
    Totp totp = host.totp().get().orElseThrow(() -> Ended.denied(Texts.NO_METHOD));
    if (totp.enrolled(key)) {
      verify(attempt, totp, key);
    } else {
      enrol(attempt, totp, key);
    }
  }

  private static void verify(Attempt attempt, Totp totp, Unlocked key)
      throws ConversationClosed, KeyStoreUnavailable, Ended {
    try (Secret code = ask(attempt, Texts.ASK_CODE)) {
      totp.verify(key, code, attempt.origin());
    } catch (PinRefused e) {
      throw Wrong.code(attempt, e);
    }
  }

  private static void enrol(Attempt attempt, Totp totp, Unlocked key)
      throws ConversationClosed, KeyStoreUnavailable, Ended {
    try (Totp.Enrolment enrolment = totp.propose(attempt.name());
        Secret code = ask(attempt, invitation(attempt.dialogue(), enrolment))) {
      if (!totp.confirm(key, enrolment, code)) {
        throw Ended.denied(Texts.WRONG_CODE);
      }
    }
  }

  /** A QR code and the key to type; a greeter that draws its own codes gets the bare address. */
  private static String invitation(Dialogue dialogue, Totp.Enrolment enrolment) {
    String code = dialogue.code(enrolment.uri());
    return code.isEmpty()
        ? enrolment.uri()
        : Texts.ENROL_CODE.formatted(
            code, enrolment.base32(), enrolment.issuer(), enrolment.account());
  }

  private static Secret ask(Attempt attempt, String info) throws ConversationClosed {
    return attempt.dialogue().hidden(info, Texts.CODE, Conversation.Kind.PASSING, Texts.NO_CODE);
  }
}
