/** The conversation with one user at one prompt, and the service that runs it. */
@NullMarked
@Export
@Version("3.1.0")
package himmelblau.api.login;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
