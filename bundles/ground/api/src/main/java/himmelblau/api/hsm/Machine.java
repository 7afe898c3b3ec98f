package himmelblau.api.hsm;

import himmelblau.api.secret.Secret;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An open machine key: all other keys of the host are protected by it. Also registered as the
 * service through which bundles reach keys; then it stays valid while the store behind it is
 * replaced: calls wait up to {@code connection_timeout} and fail with {@link KeyStoreUnavailable}
 * after that. Thread-safe.
 */
public interface Machine extends AutoCloseable {
  /** {@link KeyStore#type()} of the store in use. */
  String store();

  /** The machine key at rest, to be kept and handed to {@link KeyStore#open} next time. */
  byte[] blob();

  /**
   * Makes a key below the machine key. The store keeps nothing: store the {@link WrappedKey}.
   *
   * @param pin 1 to 64 bytes that will be needed to load the key; null for none. Borrowed
   */
  WrappedKey create(KeySpec spec, @Nullable Secret pin) throws KeyStoreUnavailable;

  /**
   * Loads a key.
   *
   * @param pin as at creation. Borrowed
   * @throws WrongPin if the PIN is wrong (or missing, or given for a key without PIN)
   * @throws KeyRefused if the key was made by another machine, another store or was changed
   */
  Key load(WrappedKey key, @Nullable Secret pin) throws KeyStoreUnavailable, WrongPin, KeyRefused;

  /** Seals under the machine key; see {@link Key#seal}. */
  byte[] seal(Secret plain, String label) throws KeyStoreUnavailable;

  /** Opens what {@link #seal} made; the caller closes the result. */
  Secret unseal(byte[] sealed, String label) throws KeyStoreUnavailable, KeyRefused;

  /**
   * Which machine key protects {@code key}. Answers at once, without its PIN; while the store is
   * being replaced, the last known state.
   */
  default KeyPlace place(WrappedKey key) {
    return key.store().equals(store()) ? KeyPlace.CURRENT : KeyPlace.UNREACHABLE;
  }

  /** Whether {@link #export} returns the material of such keys. */
  default boolean exports(KeySpec spec, boolean pinProtected) {
    return false;
  }

  /** Whether {@link #importKey} accepts such keys. */
  default boolean imports(KeySpec spec, boolean pinProtected) {
    return false;
  }

  /**
   * The private material of a key, for moving it to another store.
   *
   * @return empty if this store never exports it (a TPM, a token)
   */
  Optional<Secret> export(WrappedKey key, @Nullable Secret pin)
      throws KeyStoreUnavailable, WrongPin, KeyRefused;

  /**
   * Imports what {@link #export} of another store returned (PKCS#8, or raw bytes for HMAC;
   * borrowed).
   *
   * @return empty if this store cannot
   */
  Optional<WrappedKey> importKey(KeySpec spec, Secret material, @Nullable Secret pin)
      throws KeyStoreUnavailable;

  /**
   * The same machine key under another auth value (32 bytes, borrowed): everything below it stays
   * as it is. The blob that {@link #blob} gives is not touched.
   *
   * @return the new blob for {@link KeyStore#open}; empty if this store cannot
   */
  default Optional<byte[]> rewrap(Secret auth) throws KeyStoreUnavailable {
    return Optional.empty();
  }

  @Override
  void close();
}
