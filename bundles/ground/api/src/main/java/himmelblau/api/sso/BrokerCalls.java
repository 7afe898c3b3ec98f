package himmelblau.api.sso;

import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Answers the calls of a session broker, the program on a user's session bus that other programs
 * ask for tokens (sso-broker 1.3). Thread-safe.
 */
@ProviderType
public interface BrokerCalls {
  /**
   * Answers one call for the account that the peer's uid belongs to, and for no other.
   *
   * @param budget how long it may take; an answer that cannot be had until then is an error object
   * @return JSON, which the broker hands to its caller unchanged; a refusal is an error object. May
   *     hold tokens
   * @throws InterruptedException when the thread is interrupted
   */
  String answer(BrokerCall call, Duration budget) throws InterruptedException;
}
