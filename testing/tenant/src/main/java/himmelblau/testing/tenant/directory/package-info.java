@NullMarked
package himmelblau.testing.tenant.directory;

import org.jspecify.annotations.NullMarked;
