/** Persistent storage: tables, and values sealed by the machine key. */
@NullMarked
@Export
@Version("2.0.0")
package himmelblau.api.store;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
