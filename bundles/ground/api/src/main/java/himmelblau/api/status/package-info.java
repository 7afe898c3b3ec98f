/** Readiness, problems and their reasons. */
@NullMarked
@Export
@Version("1.3.0")
package himmelblau.api.status;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
