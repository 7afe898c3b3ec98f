/** The command {@code aad-tool metrics}, and the numbers that belong to no other bundle. */
@NullMarked
package himmelblau.metrics.internal;

import org.jspecify.annotations.NullMarked;
