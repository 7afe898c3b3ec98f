package himmelblau.contract.checks.mfa;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.mfa.Verdict;
import java.util.Set;

/** A method that does what the kit demands, but for its defect. */
abstract class BrokenMethod implements MfaMethod {
  private final MethodDefect defect;
  private int asked;

  BrokenMethod(MethodDefect defect) {
    this.defect = defect;
  }

  final boolean has(MethodDefect other) {
    return defect == other;
  }

  @Override
  public final Set<Trait> traits() {
    return has(MethodDefect.OTHER_TRAITS_EACH_TIME) && asked++ % 2 == 1
        ? Set.of(Trait.CONTACTS_USER)
        : Set.of();
  }

  @Override
  public final Verdict verify(Challenge challenge, Conversation with)
      throws ConversationClosed, DomainUnavailable, SignInRefused {
    Prompt prompt = challenge.begin();
    if (has(MethodDefect.BEGINS_TWICE)) {
      challenge.begin();
    }
    try {
      return verdict(await(challenge, prompt, with));
    } catch (DomainUnavailable e) {
      if (has(MethodDefect.HIDES_OUTAGES)) {
        return Verdict.TimedOut.STANDARD;
      }
      throw e;
    } catch (SignInRefused e) {
      if (has(MethodDefect.HIDES_REFUSALS)) {
        return Verdict.Denied.STANDARD;
      }
      throw e;
    }
  }

  /** The last answer of the directory. */
  abstract Challenge.Progress await(Challenge challenge, Prompt prompt, Conversation with)
      throws ConversationClosed, DomainUnavailable, SignInRefused;

  private Verdict verdict(Challenge.Progress progress) {
    boolean approved =
        switch (progress) {
          case APPROVED -> true;
          case DENIED -> has(MethodDefect.APPROVES_WHAT_WAS_DENIED);
          case PENDING -> has(MethodDefect.APPROVES_WHAT_IS_PENDING);
          case EXPIRED -> has(MethodDefect.APPROVES_WHAT_EXPIRED);
        };
    if (approved) {
      return new Verdict.Approved();
    }
    return switch (progress) {
      case EXPIRED ->
          has(MethodDefect.DENIES_WHAT_EXPIRED)
              ? Verdict.Denied.STANDARD
              : Verdict.TimedOut.STANDARD;
      case PENDING -> Verdict.TimedOut.STANDARD;
      default ->
          has(MethodDefect.DENIED_IS_TOO_LATE)
              ? Verdict.TimedOut.STANDARD
              : Verdict.Denied.STANDARD;
    };
  }
}
