/** Attackers for the tests of tasks that root does. */
@NullMarked
@Export
@Version("1.0.0")
package himmelblau.contract.tasks;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
