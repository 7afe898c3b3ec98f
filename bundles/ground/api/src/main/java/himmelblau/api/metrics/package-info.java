/** Numbers that a bundle offers to monitoring. */
@NullMarked
@Export
@Version("1.1.0")
package himmelblau.api.metrics;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
