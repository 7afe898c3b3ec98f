/** Why a user would or would not be let in: what {@code aad-tool explain} is made of. */
@NullMarked
@Export
@Version("1.0.0")
package himmelblau.api.explain;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
