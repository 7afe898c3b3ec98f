@NullMarked
package himmelblau.testing.tenant;

import org.jspecify.annotations.NullMarked;
