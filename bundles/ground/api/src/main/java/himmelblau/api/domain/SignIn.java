package himmelblau.api.domain;

import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.secret.Secret;

/**
 * A sign-in that is under way: the caller looks at {@link #step()}, provides what it asks for, and
 * looks again. Used by one thread. Joining the device, where the domain has that, is part of it: a
 * sign-in that completes is that of a joined host, or the host's state is as before.
 *
 * <p>Every method throws {@link SignInRefused} when the directory says no; {@link
 * SignInRefused#retry()} tells whether the same step may be tried again.
 */
public interface SignIn extends AutoCloseable {
  /** What is needed now. Does not reach the network. */
  Step step();

  /**
   * Hands in the password (borrowed).
   *
   * @return the next step
   */
  Step password(Secret password) throws DomainUnavailable, SignInRefused;

  /**
   * Takes one of the offers of {@link Step.NeedFactor}. Nothing is sent to the user before {@link
   * Challenge#begin()}.
   */
  Challenge challenge(FactorOffer offer);

  /**
   * Goes on after a challenge of this sign-in was approved.
   *
   * @return the next step
   */
  Step approved(Challenge challenge) throws DomainUnavailable, SignInRefused;

  /**
   * Sets a new password where {@link Step.NeedNewPassword} asked for it (both borrowed).
   *
   * @return the next step
   */
  Step changePassword(Secret old, Secret fresh) throws DomainUnavailable, SignInRefused;

  /** Drops the flow. Idempotent. */
  @Override
  void close();
}
