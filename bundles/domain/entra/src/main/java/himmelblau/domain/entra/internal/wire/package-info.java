/** Typed and bounded HTTP bodies that are wiped after use. */
@NullMarked
package himmelblau.domain.entra.internal.wire;

import org.jspecify.annotations.NullMarked;
