package himmelblau.api.mfa;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.secret.Secret;

/**
 * One chosen factor of one sign-in; hides how the directory is spoken to. Used by one thread, in
 * this order: {@link #begin}, then, as {@link Prompt} says, {@link #poll} at the given interval or
 * {@link #submit} or {@link #respond}. A method holds only the human part, so it can be replaced
 * without touching a provider, and a provider without touching methods.
 */
public interface Challenge {
  FactorOffer offer();

  /**
   * Starts it: sends the push, the message, the call; fetches the WebAuthn challenge or device
   * code.
   */
  Prompt begin() throws DomainUnavailable, SignInRefused;

  /** Asks once whether the person has answered elsewhere (push, call, device code). */
  Progress poll() throws DomainUnavailable, SignInRefused;

  /** Hands in a typed code (borrowed). {@link Progress#DENIED} = wrong, may be tried again. */
  Progress submit(Secret code) throws DomainUnavailable, SignInRefused;

  /** Hands in a WebAuthn assertion. */
  Progress respond(WebAuthn.Assertion assertion) throws DomainUnavailable, SignInRefused;

  /** Where a challenge stands. */
  enum Progress {
    PENDING,
    APPROVED,
    DENIED,
    EXPIRED
  }
}
