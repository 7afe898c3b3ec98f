package himmelblau.login.internal.factors;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.api.mfa.Verdict;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.login.internal.conversation.SignInAttempt;
import himmelblau.login.internal.conversation.SignInEnded;
import himmelblau.login.internal.conversation.StepConversation;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** One method is tried once. Used by one thread. */
final class MethodTrial {
  private static final Log LOG = Log.of(MethodTrial.class);

  /** Reasons that say nothing about other methods of the same account. */
  private static final Set<Reason> OF_THE_METHOD =
      EnumSet.of(Reason.DENIED_BY_USER, Reason.FACTOR_FAILED, Reason.NOT_SUPPORTED, Reason.OTHER);

  /** How it ended. */
  sealed interface Result {
    /** The directory accepted the factor. */
    record Approved(Challenge challenge) implements Result {}

    /** The user wants to use another method. */
    record OthersAsked() implements Result {}

    /**
     * Without success.
     *
     * @param refused whether it counts as a refusal; not if it cannot be used on this host
     */
    record Failed(boolean refused, String text) implements Result {}
  }

  private final SignInAttempt attempt;
  private final UsableMethod usable;
  private final Challenge challenge;

  MethodTrial(SignInAttempt attempt, UsableMethod usable, Challenge challenge) {
    this.attempt = attempt;
    this.usable = usable;
    this.challenge = challenge;
  }

  /** The only method, or the last one: what the directory refuses ends this round. */
  Result alone() throws ConversationClosed, DomainUnavailable, SignInRefused, SignInEnded {
    return logged(judged(verdict(attempt.conversation())));
  }

  /** There are other methods, for the case that it fails or the user asks for them. */
  Result amongOthers() throws ConversationClosed, DomainUnavailable, SignInRefused, SignInEnded {
    try {
      return logged(attempt.conversation().service().severalPrompts() ? withChoice() : alone());
    } catch (SignInRefused e) {
      if (!OF_THE_METHOD.contains(e.reason())) {
        throw e;
      }
      return logged(new Result.Failed(true, SignInEnded.of(e).text()));
    } catch (DomainUnavailable e) {
      if (e.kind() == DomainUnavailable.Kind.NETWORK) {
        throw e;
      }
      return logged(new Result.Failed(true, SignInEnded.of(e).text()));
    }
  }

  private Result withChoice()
      throws ConversationClosed, DomainUnavailable, SignInRefused, SignInEnded {
    StepConversation conversation = attempt.conversation();
    if (usable.asks(conversation.context().pollPrompt())) {
      conversation.say(PromptTexts.OTHERS_HINT);
    }
    ChoiceConversation choice = new ChoiceConversation(conversation);
    try {
      Verdict verdict = verdict(choice);
      return choice.othersAsked() ? new Result.OthersAsked() : judged(verdict);
    } catch (ConversationClosed e) {
      if (choice.othersAsked()) {
        return new Result.OthersAsked();
      }
      throw e;
    }
  }

  private Verdict verdict(Conversation with)
      throws ConversationClosed, DomainUnavailable, SignInRefused, SignInEnded {
    GuardedChallenge guarded = new GuardedChallenge(challenge, attempt.answers());
    LocalSecrets secrets = new LocalSecrets(with, attempt.answers());
    boolean local = usable.method().traits().contains(MfaMethod.Trait.LOCAL_ONLY);
    try {
      Verdict verdict = usable.method().verify(guarded, local ? secrets : with);
      throwIfEnded(guarded, secrets);
      attempt
          .conversation()
          .requireOpen(); // even if the method ignores that the conversation was ended
      if (verdict instanceof Verdict.Denied) {
        secrets.refuse();
      }
      return verdict;
    } catch (SignInRefused | ConversationClosed e) {
      throwIfEnded(guarded, secrets);
      throw e;
    }
  }

  private static void throwIfEnded(GuardedChallenge guarded, LocalSecrets secrets)
      throws SignInEnded {
    Optional<SignInEnded> ended = guarded.ended().or(secrets::ended);
    if (ended.isPresent()) {
      throw ended.get();
    }
  }

  private Result judged(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Approved yes -> new Result.Approved(challenge);
      case Verdict.Denied no -> new Result.Failed(true, no.text());
      case Verdict.TimedOut late -> new Result.Failed(true, late.text());
      case Verdict.NotPossible here -> new Result.Failed(false, here.text());
    };
  }

  private Result logged(Result result) {
    if (result instanceof Result.Failed failed) {
      LOG.audit(AuditKind.SIGN_IN, AuditOutcome.DENIED)
          .info(
              "login.method.failed",
              "account",
              attempt.name(),
              "method",
              usable.offer().method(),
              "reason",
              failed.text());
    }
    return result;
  }
}
