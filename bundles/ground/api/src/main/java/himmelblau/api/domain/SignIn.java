package himmelblau.api.domain;

import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.secret.Secret;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A sign-in in progress: the caller reads {@link #step()}, provides what it asks for, and reads it
 * again. Used by one thread. Joining the device, where the domain has that, is part of the sign-in:
 * when it completes, the host is joined; otherwise the state of the host is unchanged.
 *
 * <p>Every method throws {@link SignInRefused} when the directory refuses; {@link
 * SignInRefused#retry()} tells whether the same step may be tried again.
 */
@ConsumerType
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
   * Selects one of the offers of {@link Step.NeedFactor}. Nothing is sent to the user before {@link
   * Challenge#begin()}.
   */
  Challenge challenge(FactorOffer offer);

  /**
   * Continues after a challenge of this sign-in was approved.
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

  /** Abandons the sign-in. Idempotent. */
  @Override
  void close();
}
