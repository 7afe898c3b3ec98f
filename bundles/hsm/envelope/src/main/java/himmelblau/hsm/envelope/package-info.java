/** Encryption of keys and values at rest, shared by the key stores. */
@NullMarked
@Export
@Version("2.0.0")
package himmelblau.hsm.envelope;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
