package himmelblau.api.hsm;

import java.util.List;

/**
 * Registered by whoever keeps keys of its own, outside of {@link himmelblau.api.store.Vault}, so
 * that {@code aad-tool hsm migrate} can say what becomes of them. Moving them is the keeper's own
 * work: see {@link KeyPlace#MOVABLE}.
 */
public interface KeyOwner {
  /**
   * A key with a PIN.
   *
   * @param owner whose PIN it is, as administrators know that user
   * @param key as {@link Machine#create} gave it
   */
  record Kept(String owner, WrappedKey key) {}

  /** All of them, as they are now. Must not wait for the machine key. */
  List<Kept> kept();
}
