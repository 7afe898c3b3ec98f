/** The PIN of this device. */
@NullMarked
@Export
@Version("4.1.0")
package himmelblau.api.hello;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
