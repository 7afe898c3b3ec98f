@NullMarked
package himmelblau.testing.tenant.oauth;

import org.jspecify.annotations.NullMarked;
