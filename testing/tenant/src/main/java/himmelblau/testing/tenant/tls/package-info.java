@NullMarked
package himmelblau.testing.tenant.tls;

import org.jspecify.annotations.NullMarked;
