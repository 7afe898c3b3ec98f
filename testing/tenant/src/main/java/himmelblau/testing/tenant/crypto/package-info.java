@NullMarked
package himmelblau.testing.tenant.crypto;

import org.jspecify.annotations.NullMarked;
