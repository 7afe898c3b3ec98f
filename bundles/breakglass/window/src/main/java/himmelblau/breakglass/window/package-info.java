/** The time in which cached passwords are accepted, shared by the breakglass policies. */
@NullMarked
@Export
@Version("2.0.0")
package himmelblau.breakglass.window;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
