@NullMarked
package himmelblau.testing.tenant.discovery;

import org.jspecify.annotations.NullMarked;
