package himmelblau.login.internal.pin;

import himmelblau.api.hello.PinRefused;
import himmelblau.api.hello.Totp;
import himmelblau.api.hello.UnlockedKey;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.secret.Secret;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.login.internal.conversation.SignInAttempt;
import himmelblau.login.internal.conversation.SignInEnded;
import himmelblau.login.internal.conversation.StepConversation;
import himmelblau.login.internal.conversation.TypedAnswers;
import himmelblau.login.internal.environment.SignInEnvironment;
import himmelblau.login.internal.service.LoginService;
import java.util.Optional;

/**
 * The one-time code in addition to a PIN, checked on this device ({@code enable_hello_totp}).
 * Knowing the PIN alone is not enough to set up another authenticator app.
 */
public final class LocalCode {
  private static final Log LOG = Log.of(LocalCode.class);
  private static final int TRIES = 3;

  private final SignInEnvironment environment;

  public LocalCode(SignInEnvironment environment) {
    this.environment = environment;
  }

  /**
   * Whether there is an app whose code can be asked for.
   *
   * @throws SignInEnded codes are required but cannot be checked now: the sign-in is refused
   */
  boolean enrolled(UnlockedKey key) throws KeyStoreUnavailable, SignInEnded {
    return totp().enrolled(key);
  }

  private Totp totp() throws SignInEnded {
    return environment.totp().get().orElseThrow(() -> SignInEnded.denied(PromptTexts.NO_METHOD));
  }

  /** Asks for a code of the app that is enrolled. */
  void verify(SignInAttempt attempt, UnlockedKey key)
      throws ConversationClosed, KeyStoreUnavailable, SignInEnded {
    if (!attempt.conversation().service().severalPrompts()) {
      throw SignInEnded.noMethod(PromptTexts.NO_METHOD_HERE);
    }
    try (Secret code = ask(attempt, PromptTexts.ASK_CODE)) {
      TypedAnswers.Given given = attempt.answers().take(code, TypedAnswers.Use.CODE);
      try {
        totp().verify(key, code, attempt.origin());
      } catch (PinRefused e) {
        given.refuse();
        throw WrongPinResponse.code(attempt, e);
      }
    }
  }

  /**
   * Enrols an app if there is none. Only for a user who has proven two factors to the directory in
   * this call; the user is signed in already, even if no app is set up.
   */
  public void offer(SignInAttempt attempt, UnlockedKey key) throws ConversationClosed {
    try {
      if (!enrolled(key) && attempt.conversation().service().severalPrompts()) {
        enrol(attempt, key);
      }
    } catch (KeyStoreUnavailable | SignInEnded e) {
      LOG.audit(AuditKind.ENROLMENT, AuditOutcome.FAILED)
          .warn("login.code.not_enrolled", "account", attempt.name(), "why", e.getMessage());
      attempt
          .conversation()
          .say(e instanceof SignInEnded ended ? ended.text() : PromptTexts.HARDWARE);
    }
  }

  private void enrol(SignInAttempt attempt, UnlockedKey key)
      throws ConversationClosed, KeyStoreUnavailable, SignInEnded {
    try (Totp.Enrolment enrolment = totp().propose(attempt.name())) {
      String invitation = invitation(attempt.conversation(), enrolment);
      for (int i = 0; i < TRIES; i++) {
        try (Secret code = ask(attempt, invitation)) {
          TypedAnswers.Given given = attempt.answers().take(code, TypedAnswers.Use.CODE);
          if (totp().confirm(key, enrolment, code)) {
            LOG.audit(AuditKind.ENROLMENT, AuditOutcome.SUCCESS)
                .info("login.code.enrolled", "account", attempt.name());
            return;
          }
          given.refuse();
          attempt.conversation().say(PromptTexts.WRONG_CODE);
        }
      }
    }
    throw SignInEnded.denied(PromptTexts.CODE_NOT_SET_UP);
  }

  /** The secret of the codes, for the key that replaces {@code key}; the caller closes it. */
  static Optional<Secret> kept(UnlockedKey key) throws KeyStoreUnavailable {
    return key.read(UnlockedKey.Item.TOTP);
  }

  /** The app that belonged to an earlier key of this user continues to work. */
  static void carry(Optional<Secret> kept, UnlockedKey to) throws KeyStoreUnavailable {
    if (kept.isPresent()) {
      to.write(UnlockedKey.Item.TOTP, kept.get());
    }
  }

  /** A QR code and the key to type; a greeter that draws its own codes gets the bare address. */
  private static String invitation(StepConversation conversation, Totp.Enrolment enrolment) {
    if (conversation.service().picture() == LoginService.Picture.BY_PROGRAM) {
      return enrolment.uri();
    }
    String key =
        PromptTexts.SETUP_KEY
            .replace("{secret}", enrolment.base32())
            .replace("{issuer}", enrolment.issuer())
            .replace("{account}", enrolment.account());
    String code = conversation.code(enrolment.uri());
    return code.isEmpty() ? key : PromptTexts.SCAN_CODE + "\n" + code + key;
  }

  private static Secret ask(SignInAttempt attempt, String info) throws ConversationClosed {
    return attempt
        .conversation()
        .hidden(info, PromptTexts.CODE, Conversation.Kind.PASSING, PromptTexts.NO_CODE);
  }
}
