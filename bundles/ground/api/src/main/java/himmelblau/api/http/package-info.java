/** Outgoing HTTPS with the settings of this host. */
@NullMarked
@Export
@Version("1.2.0")
package himmelblau.api.http;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
