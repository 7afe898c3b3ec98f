package himmelblau.api.hsm;

import himmelblau.api.secret.Secret;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * An open machine key, as a {@link KeyStore} gives it: all other keys of the host are protected by
 * one. Nobody but the bundle that manages the machine keys uses it; all others use {@link Machine}.
 * Thread-safe; after {@link #close} every method throws {@link IllegalStateException}.
 */
@ConsumerType
public interface MachineKey extends Machine, AutoCloseable {
  /** The machine key at rest, to be kept and handed to {@link KeyStore#open} next time. */
  byte[] blob();

  /** {@link KeyPlace#CURRENT} for keys of this store: one machine key knows of no other. */
  @Override
  default KeyPlace place(WrappedKey key) {
    return key.store().equals(store()) ? KeyPlace.CURRENT : KeyPlace.UNREACHABLE;
  }

  /** Whether {@link #export} returns the material of such keys. */
  boolean exports(KeySpec spec, boolean pinProtected);

  /**
   * The same machine key under another auth value (32 bytes, borrowed): everything below it stays
   * as it is. The blob that {@link #blob} gives is not touched.
   *
   * @return the new blob for {@link KeyStore#open}; empty if this store cannot
   */
  Optional<byte[]> rewrap(Secret auth) throws KeyStoreUnavailable;

  @Override
  void close();
}
