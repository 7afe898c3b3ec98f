package himmelblau.api.hello;

import himmelblau.api.domain.HelloKind;
import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.secret.Secret;
import java.util.Optional;
import java.util.UUID;

/** A Hello key opened by its PIN. Closed by the caller. Used by one conversation. */
public interface UnlockedKey extends AutoCloseable {
  UUID objectId();

  HelloKind kind();

  Key key();

  /** A value kept under the Hello key, such as the sealed renewal; the caller closes it. */
  Optional<Secret> read(Item item) throws KeyStoreUnavailable;

  /** Seals {@code value} (borrowed) under the Hello key and keeps it. */
  void write(Item item, Secret value) throws KeyStoreUnavailable;

  /** Forgets one value. */
  void delete(Item item);

  @Override
  void close();

  /** What can be kept under a Hello key. */
  enum Item {
    /** {@link himmelblau.api.domain.Session#renewal()}. */
    RENEWAL,
    /** The secret of the local TOTP. */
    TOTP
  }
}
