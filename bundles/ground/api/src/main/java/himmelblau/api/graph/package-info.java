/** Microsoft Graph, for bundles that manage a directory by request of an administrator. */
@NullMarked
@Export
@Version("1.0.0")
package himmelblau.api.graph;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
