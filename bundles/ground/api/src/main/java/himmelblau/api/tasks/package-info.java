/** What needs root, done by the small root helper. */
@NullMarked
@Export
@Version("1.2.0")
package himmelblau.api.tasks;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
