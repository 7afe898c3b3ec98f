package himmelblau.testing.tenant.directory;

import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A registered machine.
 *
 * @param key the key of its certificate, against which its signatures are checked
 * @param thumbprint SHA-1 of the certificate, upper-case hex
 */
public record Device(
    UUID tenant,
    UUID id,
    UUID objectId,
    UUID owner,
    String name,
    String type,
    String osVersion,
    boolean joined,
    RSAPublicKey key,
    String thumbprint,
    Optional<RSAPublicKey> transportKey,
    boolean enabled,
    Instant registered) {

  public Device withEnabled(boolean value) {
    return new Device(
        tenant,
        id,
        objectId,
        owner,
        name,
        type,
        osVersion,
        joined,
        key,
        thumbprint,
        transportKey,
        value,
        registered);
  }
}
