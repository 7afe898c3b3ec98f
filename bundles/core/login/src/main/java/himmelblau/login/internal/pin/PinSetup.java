package himmelblau.login.internal.pin;

import himmelblau.api.directory.Account;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.HelloKind;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.hello.Hello;
import himmelblau.api.hello.UnlockedKey;
import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamCode;
import himmelblau.api.secret.Secret;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.login.internal.conversation.SignInAttempt;
import himmelblau.login.internal.conversation.SignInEnded;
import himmelblau.login.internal.conversation.StepConversation;
import himmelblau.login.internal.conversation.TypedAnswers;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Lets a user choose a PIN, and enrols it. */
public final class PinSetup {
  private static final Log LOG = Log.of(PinSetup.class);
  private static final Duration HINT = Duration.ofSeconds(2);
  private static final int TRIES = 3; // of the directory, not of the user
  private static final int CHOICES = 5;

  private PinSetup() {}

  /** A key could not be registered or made. The message is for the user. */
  static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;

    Failed(@Nullable String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * The whole dialogue after a sign-in. The user is signed in already, also without a PIN if none
   * is chosen or the directory keeps failing.
   *
   * @return the new key, which the caller closes
   */
  public static Optional<UnlockedKey> offer(
      SignInAttempt attempt, Hello hello, DomainProvider domain, Session session, Account account)
      throws ConversationClosed {
    StepConversation conversation = attempt.conversation();
    String info =
        PromptTexts.SET_UP_PIN.replace("{length}", Integer.toString(hello.minimumLength()));
    for (int i = 0; i < TRIES; i++) {
      try (Secret pin = choose(attempt, hello, info)) {
        conversation.say(PromptTexts.ENROLLING);
        return Optional.of(enrol(hello, domain, session, account, pin));
      } catch (Failed e) {
        LOG.audit(AuditKind.CREDENTIAL, AuditOutcome.FAILED)
            .warn("login.pin.not_enrolled", "account", account.name(), "why", e.getMessage());
        info = PromptTexts.PROVISIONING_FAILED.replace("{error}", String.valueOf(e.getMessage()));
      } catch (SignInEnded e) {
        LOG.audit(AuditKind.CREDENTIAL, AuditOutcome.FAILED)
            .warn("login.pin.not_enrolled", "account", account.name(), "why", e.text());
        conversation.say(e.text());
        return Optional.empty();
      }
    }
    conversation.say(PromptTexts.PIN_SETUP_FAILED);
    return Optional.empty();
  }

  /**
   * Asks until two equal, acceptable PINs were typed, {@link #CHOICES} times at most. The caller
   * closes the result.
   *
   * @throws SignInEnded none was chosen
   */
  static Secret choose(SignInAttempt attempt, Hello hello, String info)
      throws ConversationClosed, SignInEnded {
    StepConversation conversation = attempt.conversation();
    String objection = "";
    for (int i = 0; i < CHOICES; i++) {
      Secret pin =
          conversation.hidden(
              info, PromptTexts.NEW_PIN, Conversation.Kind.AUTHTOK, PromptTexts.NO_PIN);
      boolean kept = false;
      try {
        TypedAnswers.Given given = attempt.answers().take(pin, TypedAnswers.Use.NEW_PIN);
        Optional<String> rule = hello.objection(pin);
        if (rule.isPresent()) {
          given.refuse();
          objection = rule.get();
          hint(conversation, objection);
        } else if (!confirmed(pin, conversation, info)) {
          objection = PromptTexts.MISMATCH;
          hint(conversation, objection);
        } else {
          kept = true;
          return pin;
        }
      } finally {
        if (!kept) {
          pin.close();
        }
      }
    }
    throw SignInEnded.refused(PamCode.MAXTRIES, objection);
  }

  /** Greeters show a message only until the next one. */
  private static void hint(StepConversation conversation, String text) throws ConversationClosed {
    conversation.say(text);
    conversation.pause(HINT);
  }

  private static boolean confirmed(Secret pin, StepConversation conversation, String info)
      throws ConversationClosed {
    try (Secret again =
        conversation.hidden(
            info,
            PromptTexts.CONFIRM_PIN,
            Conversation.Kind.PASSING,
            PromptTexts.NO_PIN_CONFIRMATION)) {
      return pin.matches(again);
    }
  }

  /**
   * Makes the key, registers it, and seals what renews the session under it.
   *
   * @return the new key, which the caller closes
   */
  static UnlockedKey enrol(
      Hello hello, DomainProvider domain, Session session, Account account, Secret pin)
      throws Failed {
    UUID user = account.objectId().orElseThrow();
    try {
      UnlockedKey key =
          hello.<Failed>enrol(account.name(), user, pin, fresh -> register(domain, session, fresh));
      boolean sealed = false;
      try {
        seal(key, session);
        sealed = true;
        return key;
      } finally {
        if (!sealed) {
          key.close();
        }
      }
    } catch (KeyStoreUnavailable e) {
      throw new Failed(e.getMessage(), e);
    }
  }

  static HelloKind register(DomainProvider domain, Session session, Key key) throws Failed {
    try {
      return domain.registerHello(session, key);
    } catch (DomainUnavailable e) {
      throw new Failed(e.getMessage(), e);
    } catch (SignInRefused e) {
      throw new Failed(e.text(), e);
    }
  }

  /**
   * Seals the renewal of {@code session} with the Hello key; a session without a renewal changes
   * nothing.
   */
  static void seal(UnlockedKey key, Session session) throws KeyStoreUnavailable {
    Optional<Secret> renewal = session.renewal();
    if (renewal.isPresent()) {
      try (Secret secret = renewal.get()) {
        key.write(UnlockedKey.Item.RENEWAL, secret);
      }
    }
  }
}
