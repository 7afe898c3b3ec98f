/** Which plug-in is used when several serve the same name. */
@Export
@Version("1.0.0")
@NullMarked
package himmelblau.api.plugin;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
