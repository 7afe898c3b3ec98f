/**
 * Argon2id (RFC 9106) for what users type: computed by the host's libargon2 where there is one,
 * else in Java.
 */
@NullMarked
@Export
@Version("1.0.0")
package himmelblau.argon2;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
