package himmelblau.api.hsm;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Registered by a bundle that stores keys of its own, outside of {@link
 * himmelblau.api.store.Vault}, so that {@code aad-tool hsm migrate} can report what happens to
 * them. The bundle moves its keys itself: see {@link KeyPlace#MOVABLE}.
 */
@ConsumerType
public interface KeyOwner {
  /**
   * A key with a PIN.
   *
   * @param owner whose PIN it is, as administrators know that user
   * @param key as {@link Machine#create} gave it
   */
  record Kept(String owner, WrappedKey key) {}

  /** All of these keys in their current state. Must not wait for the machine key. */
  List<Kept> kept();
}
