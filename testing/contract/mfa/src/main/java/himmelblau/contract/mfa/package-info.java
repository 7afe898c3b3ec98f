/** What every sign-in method must do, as tests. */
@NullMarked
@Export
@Version("1.0.0")
package himmelblau.contract.mfa;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
