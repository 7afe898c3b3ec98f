package himmelblau.domain.entra.internal.signin;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.mfa.WebAuthn;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.page.FormResult;
import himmelblau.domain.entra.internal.wire.AadstsError;

/**
 * A challenge within a sign-in flow. Subclasses implement the requests to the directory; common to
 * all is that a challenge begins once, and that only an approved one continues the flow.
 */
abstract class FlowChallenge implements Challenge {
  private final FactorOffer offer;
  private boolean begun;
  private boolean approved;

  FlowChallenge(FactorOffer offer) {
    this.offer = offer;
  }

  @Override
  public final FactorOffer offer() {
    return offer;
  }

  @Override
  public final Prompt begin() throws DomainUnavailable, SignInRefused {
    if (begun) {
      throw new IllegalStateException("A challenge can begin only once");
    }
    begun = true;
    try {
      return start();
    } catch (AadstsError e) {
      throw e.refused();
    }
  }

  @Override
  public final Progress poll() throws DomainUnavailable, SignInRefused {
    return step(this::ask);
  }

  @Override
  public final Progress submit(Secret code) throws DomainUnavailable, SignInRefused {
    return step(() -> check(code));
  }

  @Override
  public final Progress respond(WebAuthn.Assertion assertion)
      throws DomainUnavailable, SignInRefused {
    return step(() -> check(assertion));
  }

  private interface Step {
    Progress run() throws DomainUnavailable, SignInRefused, AadstsError;
  }

  private Progress step(Step step) throws DomainUnavailable, SignInRefused {
    if (!begun || approved) {
      throw new IllegalStateException("This challenge has not begun");
    }
    try {
      Progress progress = step.run();
      approved = progress == Progress.APPROVED;
      return progress;
    } catch (AadstsError e) {
      throw e.refused();
    }
  }

  final boolean approved() {
    return approved;
  }

  abstract Prompt start() throws DomainUnavailable, SignInRefused, AadstsError;

  Progress ask() throws DomainUnavailable, SignInRefused, AadstsError {
    throw new IllegalStateException(offer.method() + " is not polled");
  }

  Progress check(Secret code) throws DomainUnavailable, SignInRefused, AadstsError {
    throw new IllegalStateException(offer.method() + " takes no code");
  }

  Progress check(WebAuthn.Assertion assertion)
      throws DomainUnavailable, SignInRefused, AadstsError {
    throw new IllegalStateException(offer.method() + " takes no assertion");
  }

  /** Where the approved challenge leads. */
  abstract FormResult complete() throws DomainUnavailable, SignInRefused, AadstsError;
}
