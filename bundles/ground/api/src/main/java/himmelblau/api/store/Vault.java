package himmelblau.api.store;

import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.secret.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Values and keys by name, in the store, sealed by the machine key. Names are paths such as {@code
 * example.org/transport}. Thread-safe; each change is one transaction.
 */
@ProviderType
public interface Vault {
  /** Reads a sealed value; the caller closes it. Empty if it does not exist. */
  Optional<Secret> read(String name) throws KeyStoreUnavailable;

  /** Seals and stores {@code value} (borrowed), replacing a previous value. */
  void write(String name, Secret value) throws KeyStoreUnavailable;

  /**
   * Seals and stores several values (borrowed) and keys, replacing previous ones: all or none, and
   * one change for those who {@link #watch}.
   */
  void writeAll(Map<String, Secret> values, Map<String, WrappedKey> keys)
      throws KeyStoreUnavailable;

  Optional<WrappedKey> readKey(String name);

  void writeKey(String name, WrappedKey key);

  /** Deletes a value or a key. Idempotent. */
  void delete(String name);

  /** Deletes all names that start with {@code prefix}. */
  void deleteAll(String prefix);

  /** Names that start with {@code prefix}, sorted. */
  List<String> names(String prefix);

  /**
   * Runs {@code changed} after each change to a name that starts with {@code prefix}, on the thread
   * that made the change: it must neither block nor throw. It runs once for several changes of one
   * transaction.
   *
   * @return ends the subscription when closed
   */
  Watch watch(String prefix, Runnable changed);

  /** A subscription that lasts until it is closed. Idempotent. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }
}
