/** What the host sees: users and groups with ids, homes and shells. */
@NullMarked
@Export
@Version("2.0.0")
package himmelblau.api.directory;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
