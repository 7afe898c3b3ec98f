/** What every domain provider must do, as tests. */
@NullMarked
@Export
@Version("1.1.0")
package himmelblau.contract.domain;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
