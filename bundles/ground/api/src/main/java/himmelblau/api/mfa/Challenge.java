package himmelblau.api.mfa;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.secret.Secret;
import java.time.Duration;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One chosen factor of one sign-in; hides the protocol of the directory. Used by one thread, in
 * this order: {@link #begin}, then, as {@link Prompt} says, {@link #poll} at the given interval or
 * {@link #submit} or {@link #respond}. A method implements only the user interaction, so that
 * methods and providers can be replaced independently.
 */
@ConsumerType
public interface Challenge {
  FactorOffer offer();

  /**
   * Starts it: sends the push, the message, the call; fetches the WebAuthn challenge or device
   * code.
   */
  Prompt begin() throws DomainUnavailable, SignInRefused;

  /** Asks once whether the user has responded on another device (push, call, device code). */
  Progress poll() throws DomainUnavailable, SignInRefused;

  /** Submits a typed code (borrowed). {@link Progress#DENIED} = wrong, may be tried again. */
  Progress submit(Secret code) throws DomainUnavailable, SignInRefused;

  /** Submits a WebAuthn assertion. */
  Progress respond(WebAuthn.Assertion assertion) throws DomainUnavailable, SignInRefused;

  /**
   * Polls until the user has responded on another device or the prompt's deadline is over; the
   * whole interaction of a method that only waits.
   *
   * @param prompt what {@link #begin} gave
   * @return {@link Progress#APPROVED}, {@link Progress#DENIED} or {@link Progress#EXPIRED}
   */
  default Progress await(Prompt prompt, Conversation with)
      throws ConversationClosed, DomainUnavailable, SignInRefused {
    Duration interval = prompt.interval().compareTo(SHORTEST) < 0 ? SHORTEST : prompt.interval();
    Duration left = prompt.deadline();
    while (true) {
      long begun = System.nanoTime();
      Progress progress = poll();
      if (progress != Progress.PENDING) {
        return progress;
      }
      left = left.minusNanos(System.nanoTime() - begun).minus(interval);
      if (left.isNegative()) {
        return Progress.EXPIRED;
      }
      with.pause(interval);
    }
  }

  /** The minimum interval between two polls, whatever the prompt says. */
  Duration SHORTEST = Duration.ofMillis(200);

  /** The state of a challenge. */
  enum Progress {
    PENDING,
    APPROVED,
    DENIED,
    EXPIRED
  }
}
