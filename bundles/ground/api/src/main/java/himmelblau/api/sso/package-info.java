/** Single sign-on: what programs of a signed-in user get from the directory without asking. */
@NullMarked
@Export
@Version("1.1.0")
package himmelblau.api.sso;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
