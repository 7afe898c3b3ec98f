@NullMarked
package himmelblau.testing.tenant.web;

import org.jspecify.annotations.NullMarked;
