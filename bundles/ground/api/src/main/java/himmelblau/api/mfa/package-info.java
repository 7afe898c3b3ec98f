/** Authentication methods: one bundle each. */
@NullMarked
@Export
@Version("3.1.0")
package himmelblau.api.mfa;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
