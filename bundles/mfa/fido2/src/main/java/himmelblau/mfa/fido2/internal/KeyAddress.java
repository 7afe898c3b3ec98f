package himmelblau.mfa.fido2.internal;

import himmelblau.mfa.fido2.transport.AuthenticatorTransport;
import java.util.Optional;

/**
 * Where a connected key is.
 *
 * @param path of its device, or its name at the transport
 * @param product as it describes itself, for the log
 * @param transport empty: a device of this host
 */
record KeyAddress(String path, String product, Optional<AuthenticatorTransport> transport) {}
