package himmelblau.api.hello;

import himmelblau.api.domain.HelloKind;
import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.secret.Secret;
import java.util.Optional;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/** A Hello key opened by its PIN. Closed by the caller. Used by one conversation. */
@ProviderType
public interface UnlockedKey extends AutoCloseable {
  UUID objectId();

  HelloKind kind();

  Key key();

  /** A value that is sealed with the Hello key, such as the renewal; the caller closes it. */
  Optional<Secret> read(Item item) throws KeyStoreUnavailable;

  /** Seals {@code value} (borrowed) with the Hello key and stores it. */
  void write(Item item, Secret value) throws KeyStoreUnavailable;

  /** Deletes one value. */
  void delete(Item item);

  @Override
  void close();

  /** The values that can be sealed with a Hello key. */
  enum Item {
    /** {@link himmelblau.api.domain.Session#renewal()}. */
    RENEWAL,
    /** The secret of the local TOTP. */
    TOTP
  }
}
