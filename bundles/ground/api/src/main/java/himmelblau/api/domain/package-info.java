/** Directories: one provider for each configured domain. */
@NullMarked
@Export
@Version("3.2.0")
package himmelblau.api.domain;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
