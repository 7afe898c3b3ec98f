package himmelblau.testing.tenant.directory;

import java.security.interfaces.RSAPublicKey;
import java.util.UUID;

/**
 * A registered Hello (NGC) key.
 *
 * @param keyId base64 of SHA-256 over the key blob, the {@code kid} of assertions
 */
public record HelloKey(
    UUID tenant, UUID user, UUID device, UUID registration, String keyId, RSAPublicKey key) {}
