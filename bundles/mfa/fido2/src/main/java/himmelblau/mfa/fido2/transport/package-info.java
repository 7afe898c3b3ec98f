/** How reports reach an authenticator that libfido2 does not find by itself. */
@Version("1.0.0")
@Export
@NullMarked
package himmelblau.mfa.fido2.transport;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
