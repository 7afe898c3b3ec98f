/** One structured line per event, with a correlation id for each conversation; audit events. */
@NullMarked
@Export
@Version("1.1.0")
package himmelblau.api.log;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
