@NullMarked
package himmelblau.testing.tenant.graph;

import org.jspecify.annotations.NullMarked;
