/** HTTP bodies in and out: typed, bounded, wiped. */
@NullMarked
package himmelblau.domain.entra.internal.wire;

import org.jspecify.annotations.NullMarked;
