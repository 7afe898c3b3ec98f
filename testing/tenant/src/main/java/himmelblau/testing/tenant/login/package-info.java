@NullMarked
package himmelblau.testing.tenant.login;

import org.jspecify.annotations.NullMarked;
