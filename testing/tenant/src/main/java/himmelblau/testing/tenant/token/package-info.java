@NullMarked
package himmelblau.testing.tenant.token;

import org.jspecify.annotations.NullMarked;
