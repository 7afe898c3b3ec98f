@NullMarked
package himmelblau.testing.tenant.drs;

import org.jspecify.annotations.NullMarked;
