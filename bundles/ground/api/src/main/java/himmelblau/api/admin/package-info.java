/** Commands of aad-tool. */
@NullMarked
@Export
@Version("1.4.0")
package himmelblau.api.admin;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
