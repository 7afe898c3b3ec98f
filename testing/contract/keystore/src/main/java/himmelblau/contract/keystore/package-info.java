/** What every key store must do, as tests. */
@NullMarked
@Export
@Version("1.1.0")
package himmelblau.contract.keystore;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
