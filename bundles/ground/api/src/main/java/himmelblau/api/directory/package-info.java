/** Users and groups as the host sees them, with ids, home directories and shells. */
@NullMarked
@Export
@Version("3.0.0")
package himmelblau.api.directory;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
