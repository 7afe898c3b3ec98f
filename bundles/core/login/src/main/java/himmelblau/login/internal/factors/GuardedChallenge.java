package himmelblau.login.internal.factors;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.mfa.WebAuthn;
import himmelblau.api.secret.Secret;
import himmelblau.login.internal.conversation.SignInEnded;
import himmelblau.login.internal.conversation.TypedAnswers;
import java.util.Optional;

/**
 * The challenge that a method gets: a code that was refused before, or that is the password or PIN
 * of this call, never reaches the directory, whatever the method does. Used by one thread.
 */
final class GuardedChallenge implements Challenge {
  private final Challenge raw;
  private final TypedAnswers answers;
  private Optional<SignInEnded> ended = Optional.empty();

  GuardedChallenge(Challenge raw, TypedAnswers answers) {
    this.raw = raw;
    this.answers = answers;
  }

  /** Why this call has ended, if a code was held back. */
  Optional<SignInEnded> ended() {
    return ended;
  }

  @Override
  public Progress submit(Secret code) throws DomainUnavailable, SignInRefused {
    TypedAnswers.Given given;
    try {
      given = answers.take(code, TypedAnswers.Use.CODE);
    } catch (SignInEnded e) {
      ended = Optional.of(e);
      throw new SignInRefused(
          SignInRefused.Reason.FACTOR_FAILED, e.text(), Optional.empty(), false);
    }
    if (code.isEmpty()) {
      given.refuse();
      return Progress.DENIED;
    }
    boolean approved = false;
    try {
      Progress progress = raw.submit(code);
      approved = progress == Progress.APPROVED;
      return progress;
    } finally {
      if (!approved) {
        given.refuse();
      }
    }
  }

  @Override
  public FactorOffer offer() {
    return raw.offer();
  }

  @Override
  public Prompt begin() throws DomainUnavailable, SignInRefused {
    return raw.begin();
  }

  @Override
  public Progress poll() throws DomainUnavailable, SignInRefused {
    return raw.poll();
  }

  @Override
  public Progress respond(WebAuthn.Assertion assertion) throws DomainUnavailable, SignInRefused {
    return raw.respond(assertion);
  }
}
