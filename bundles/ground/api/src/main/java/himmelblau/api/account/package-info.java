/** Account names, users and groups as the directory knows them. */
@NullMarked
@Export
@Version("2.0.0")
package himmelblau.api.account;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
