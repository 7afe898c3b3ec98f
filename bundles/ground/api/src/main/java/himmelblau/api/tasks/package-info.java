/** Tasks that need root and are run by the root helper. */
@NullMarked
@Export
@Version("1.4.0")
package himmelblau.api.tasks;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
