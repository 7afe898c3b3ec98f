/** Kerberos tickets that a directory gives with a sign-in. */
@NullMarked
@Export
@Version("1.0.0")
package himmelblau.api.kerberos;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
