/** Policies that allow a cached password instead of a multi-factor sign-in. */
@NullMarked
@Export
@Version("1.2.0")
package himmelblau.api.breakglass;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
