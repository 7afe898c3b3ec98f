/** When something is done again that many hosts do. */
@Export
@Version("1.0.0")
@NullMarked
package himmelblau.api.schedule;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
