package himmelblau.api.hsm;

import himmelblau.api.secret.Secret;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The keys of this host: the service through which bundles make and use keys below the machine key.
 * It stays valid while the key store behind it is replaced: calls wait up to {@code
 * connection_timeout} and fail with {@link KeyStoreUnavailable} after that. Thread-safe.
 */
@ProviderType
public interface Machine {
  /** {@link KeyStore#type()} of the store in use. */
  String store();

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
  KeyPlace place(WrappedKey key);

  /** Whether {@link #importKey} accepts such keys. */
  boolean imports(KeySpec spec, boolean pinProtected);

  /**
   * The private material of a key, for moving it to another store.
   *
   * @return empty if its store never exports it (a TPM, a token)
   */
  Optional<Secret> export(WrappedKey key, @Nullable Secret pin)
      throws KeyStoreUnavailable, WrongPin, KeyRefused;

  /**
   * Imports what {@link #export} of another store returned (PKCS#8, or raw bytes for HMAC;
   * borrowed).
   *
   * @return empty if the store in use cannot
   */
  Optional<WrappedKey> importKey(KeySpec spec, Secret material, @Nullable Secret pin)
      throws KeyStoreUnavailable;
}
