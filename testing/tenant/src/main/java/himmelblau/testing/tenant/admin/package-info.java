@NullMarked
package himmelblau.testing.tenant.admin;

import org.jspecify.annotations.NullMarked;
