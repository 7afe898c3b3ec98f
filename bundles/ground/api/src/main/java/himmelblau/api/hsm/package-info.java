/** Key stores: software, TPM, PKCS#11. */
@NullMarked
@Export
@Version("3.0.0")
package himmelblau.api.hsm;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
